// SPDX-License-Identifier: Apache-2.0
#include "adapters/service/mails.hpp"

#include <openssl/mem.h>

#include "adapters/mail/compose.hpp"
#include "adapters/text/ascii.hpp"

namespace twinlock::service {

namespace {

void wipe_text(std::string& text) { OPENSSL_cleanse(text.data(), text.size()); }

std::optional<mail::Topic> topic_of(Notice notice) {
  switch (notice) {
    case Notice::enabled:
      return mail::Topic::enabled;
    case Notice::disabled:
      return mail::Topic::disabled;
    case Notice::recovery_code_renewed:
      return mail::Topic::recovery_code_renewed;
    case Notice::recovery_asked:
      return mail::Topic::recovery_asked;
    case Notice::recovery_confirmed:
      return mail::Topic::recovery_confirmed;
    case Notice::recovery_cancelled:
      return mail::Topic::recovery_cancelled;
    case Notice::reset:
      return mail::Topic::reset;
    case Notice::ten_failures:
      return mail::Topic::ten_failures;
    case Notice::locked:
      return mail::Topic::locked;
    case Notice::ticket_issued:
      return mail::Topic::ticket_issued;
    case Notice::imported:
      return mail::Topic::imported;
    case Notice::none:
      break;
  }
  return std::nullopt;
}

mail::Facts common(const Context& context, const MailFacts& facts) {
  mail::Facts out;
  out.language = facts.next.language;
  out.account = facts.account.bytes();
  out.issuer = context.options.issuer;
  out.time = facts.now;
  out.source_address = facts.source_address;
  out.contact = context.options.contact;
  return out;
}

std::string link_url(const Options& options, const Account& account, const Token& link) {
  return options.base_url + options.prefix + "/recover/confirm?token=" + link_token(account, link);
}

// The domain without regard to case, so that mails which one server takes share their places.
store::Destination destination_of(const keys::KeyRing& keys, std::string_view address) {
  const std::string domain = text::lowered(address.substr(address.rfind('@') + 1));
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(domain.data()), domain.size());
  const keys::Mac mac = keys.mac(keys::MacPurpose::destination, bytes);
  store::Destination out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8U | mac[i];
  return out;
}

std::optional<store::SealedMail> seal(const Context& context, const Account& account,
                                      const mail::Facts& facts) {
  store::SealedMail out;
  if (!context.environment.random(out.id)) return std::nullopt;
  auto message = mail::compose(facts);
  auto packed = mail::pack(message);
  const std::string_view id(reinterpret_cast<const char*>(out.id.data()), out.id.size());
  const std::span plain(reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size());
  out.sealed = context.keys.seal(keys::SealPurpose::mail, {account.bytes(), 0, id}, plain);
  wipe_text(packed);
  wipe_text(message.text);
  if (out.sealed.empty()) return std::nullopt;
  out.destination = destination_of(context.keys, message.to);
  return out;
}

std::optional<store::SealedMail> seal_notice(const Context& context, const MailFacts& facts,
                                             mail::Topic topic) {
  auto told = common(context, facts);
  told.topic = topic;
  told.to = facts.next.address;
  if (topic == mail::Topic::recovery_asked) told.link = link_url(context.options, facts.account, facts.link);
  auto out = seal(context, facts.account, told);
  wipe_text(told.link);
  if (out && topic == mail::Topic::recovery_asked) {
    out->not_after = facts.next.record.deadline;  // after it the pump drops the mail
    out->urgent = true;
  }
  return out;
}

std::optional<store::SealedMail> seal_address_change(const Context& context, const MailFacts& facts) {
  auto told = common(context, facts);
  told.topic = mail::Topic::address_changed;
  told.to = facts.old_address;
  told.new_address = mail::masked(facts.next.address);
  return seal(context, facts.account, told);
}

}  // namespace

Expected<std::vector<store::SealedMail>> make_mails(const Context& context, const MailFacts& facts) {
  std::vector<store::SealedMail> out;
  const auto take = [&](std::optional<store::SealedMail> mail) {
    if (mail) out.push_back(std::move(*mail));
    return mail.has_value();
  };
  const auto topic = topic_of(facts.notice);
  if (topic && !facts.next.address.empty() && !take(seal_notice(context, facts, *topic)))
    return tl::unexpected(Failure::entropy);
  if (!facts.old_address.empty() && !take(seal_address_change(context, facts)))
    return tl::unexpected(Failure::entropy);
  return out;
}

}  // namespace twinlock::service
