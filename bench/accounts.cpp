// SPDX-License-Identifier: Apache-2.0
#include "bench/accounts.hpp"

#include <algorithm>
#include <future>
#include <stdexcept>

#include "bench/on_record.hpp"

namespace twinlock::bench {

namespace {

constexpr std::size_t together_max = 64;

service::Operation operation(const store::Account& account, Kind kind) {
  service::Operation out{.account = account};
  out.event.kind = kind;
  out.event.lane = Lane::other;
  out.email = "somebody@example.org";
  return out;
}

// Submits all, then waits for all.
std::vector<service::Decision> run_together(service::Service& service, std::vector<service::Operation> all) {
  std::vector<std::promise<service::Decision>> promises(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    service.submit(std::move(all[i]), [&promises, i](const service::DecisionResult& result) {
      promises[i].set_value(result ? result->value() : service::Decision{});
    });
  }
  std::vector<service::Decision> answers;
  for (auto& promise : promises) answers.push_back(promise.get_future().get());
  return answers;
}

void enroll_some(service::Service& service, const SetClock& clock, std::size_t count,
                 std::vector<Person>& people) {
  std::vector<service::Operation> begin, confirm;
  const std::size_t first = people.size();
  for (std::size_t i = first; i < first + count; ++i) {
    const std::string name = "user" + std::to_string(i * 2'654'435'761U) + "@example.org";
    people.push_back({*store::Account::from(name), {}});
    begin.push_back(operation(people.back().account, Kind::begin_enrollment));
  }
  const auto begun = run_together(service, std::move(begin));
  for (std::size_t i = 0; i < count; ++i) {
    Person& person = people[first + i];
    if (!begun[i].enrollment_id) throw std::runtime_error("an enrollment did not begin");
    const auto pending = service.pending(person.account, *begun[i].enrollment_id);
    if (!pending || !*pending) throw std::runtime_error("an enrollment is not there");
    person.secret = (*pending)->secret;
    confirm.push_back(operation(person.account, Kind::confirm_enrollment));
    confirm.back().event.enrollment_id = *begun[i].enrollment_id;
    confirm.back().event.code = right_code(person.secret, clock.now / step_s);
  }
  for (const auto& decision : run_together(service, std::move(confirm)))
    if (decision.verdict != Verdict::accepted) throw std::runtime_error("an enrollment was refused");
}

}  // namespace

keys::KeyRing some_keys() {
  return std::move(
      *keys::KeyRing::parse("twinlock-keys 1\nkey 1 AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE= current\n"));
}

std::vector<Person> enroll(service::Service& service, const SetClock& clock, std::size_t count) {
  std::vector<Person> people;
  while (people.size() < count)
    enroll_some(service, clock, std::min(together_max, count - people.size()), people);
  return people;
}

service::Operation attempt(const Person& person, Seconds now, bool right) {
  auto out = operation(person.account, Kind::verify);
  out.event.code = right ? right_code(person.secret, now / step_s) : wrong_code(person.secret, now / step_s);
  return out;
}

}  // namespace twinlock::bench
