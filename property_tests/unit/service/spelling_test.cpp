// SPDX-License-Identifier: Apache-2.0
// Look-alikes: another spelling of an account that needs a code neither passes without one nor enrolls
// (spec 1, "look-alike").
#include "adapters/service/spelling.hpp"

#include "adapters/service/spelling_check.hpp"
#include "adapters/text/fold.hpp"
#include "property_tests/model/overtaken_store.hpp"
#include "property_tests/unit/service/life_fixture.hpp"

namespace twinlock::service::test {

namespace {

class LookAlikes : public Life {
 protected:
  bool passes(std::string_view name) {
    const auto look = world.service().look(account_of(name));
    EXPECT_TRUE(look);
    if (!look) return false;
    EXPECT_FALSE(look->look_alike && look->view.passes_without);
    return look->view.passes_without;
  }
  bool is_look_alike(std::string_view name) {
    const auto look = world.service().look(account_of(name));
    EXPECT_TRUE(look);
    return look && look->look_alike;
  }
  Decision policy(std::string_view name, Policy policy) {
    auto operation = operation_of(account_of(name), Kind::set_policy);
    operation.event.policy = policy;
    return world.run(operation);
  }
  Decision reset(std::string_view name, bool replace) {
    auto operation = operation_of(account_of(name), Kind::operator_reset);
    operation.event.replace = replace;
    return world.run(operation);
  }
  Decision import(std::string_view name) {
    auto operation = operation_of(account_of(name), Kind::operator_import);
    operation.event.key_length = 20;
    for (int i = 0; i < 20; ++i) operation.event.key.b[i] = static_cast<std::uint8_t>(i + 1);
    return world.run(operation);
  }
  // The enrollment of `name` that only its confirmation lacks.
  Operation ready_to_confirm(std::string_view name) {
    Person person{account_of(name), {}};
    const auto id = begin(person.account);
    const auto pending = *world.service().pending(person.account, id);
    person.secret.assign(std::begin(pending->secret.b), std::end(pending->secret.b));
    auto confirm = operation_of(person.account, Kind::confirm_enrollment);
    confirm.event.enrollment_id = id;
    confirm.event.code = code_of(world.code(person));
    return confirm;
  }
  Service::Parted part(std::string_view a, std::string_view b, bool distinct = true) {
    return *world.service().part(account_of(a), account_of(b), distinct, "eve", "two persons");
  }
};

TEST_P(LookAlikes, no_spelling_of_an_account_that_is_on_passes_or_enrolls) {
  EXPECT_TRUE(passes("Demo"));
  world.enroll("demo", "");
  for (const char* spelling : {"Demo", "DEMO", "demo ", " demo", "d\u00E9mo", "\uFF44emo", "de\u00ADmo"}) {
    EXPECT_FALSE(passes(spelling)) << spelling;
    EXPECT_TRUE(is_look_alike(spelling)) << spelling;
    const auto begun = world.run(operation_of(account_of(spelling), Kind::begin_enrollment));
    EXPECT_TRUE(begun.look_alike) << spelling;
    EXPECT_NE(begun.verdict, Verdict::accepted);
    EXPECT_FALSE(begun.enrollment_id);
    EXPECT_EQ(world.version(account_of(spelling)), 0U) << "a refusal writes nothing";
  }
  EXPECT_EQ(world.service().look(account_of("Demo"))->look_alike_of, "demo");
  EXPECT_FALSE(is_look_alike("demo")) << "it answers for itself";
  EXPECT_TRUE(passes("demo2"));
}

TEST_P(LookAlikes, each_state_that_needs_a_code_holds_and_leaving_it_ends_that) {
  const auto demo = world.enroll("demo", "demo@example.org");
  ask(demo);
  EXPECT_TRUE(is_look_alike("Demo")) << "recovering";
  EXPECT_EQ(reset("demo", true).view.state, State::replacing);
  EXPECT_TRUE(is_look_alike("Demo")) << "replacing";
  EXPECT_EQ(reset("demo", false).view.state, State::off);
  EXPECT_TRUE(passes("Demo"));
  EXPECT_EQ(policy("demo", Policy::required).verdict, Verdict::accepted);
  EXPECT_TRUE(is_look_alike("Demo")) << "required by its own policy";
  EXPECT_EQ(policy("demo", Policy::optional).verdict, Verdict::accepted);
  EXPECT_TRUE(passes("Demo"));
  EXPECT_TRUE(world.store().spelling_scan("", 10)->empty());
}

TEST_P(LookAlikes, an_enrollment_under_way_is_not_confirmed_and_may_be_cancelled) {
  const auto confirm = ready_to_confirm("Demo");
  EXPECT_TRUE(passes("Demo")) << "enrolling from off";
  world.enroll("demo", "");
  EXPECT_FALSE(passes("Demo"));
  const auto version = world.version(account_of("Demo"));
  const auto refused = world.run(confirm);
  EXPECT_TRUE(refused.look_alike);
  EXPECT_FALSE(refused.recovery_code);
  EXPECT_EQ(world.version(account_of("Demo")), version);
  auto cancel = operation_of(account_of("Demo"), Kind::cancel_enrollment);
  cancel.event.enrollment_id = confirm.event.enrollment_id;
  EXPECT_EQ(world.run(cancel).verdict, Verdict::accepted);
}

TEST_P(LookAlikes, the_operator_makes_no_second_spelling_need_a_code) {
  EXPECT_EQ(import("demo").verdict, Verdict::accepted);
  EXPECT_TRUE(import("Demo").look_alike);
  EXPECT_TRUE(policy("Demo", Policy::required).look_alike);
  EXPECT_TRUE(reset("Demo", true).look_alike);
  EXPECT_EQ(world.version(account_of("Demo")), 0U);
  EXPECT_FALSE(policy("Demo", Policy::optional).look_alike) << "it needs nothing by that";
  EXPECT_FALSE(reset("Demo", false).look_alike);
  EXPECT_TRUE(is_look_alike("Demo"));
}

TEST_P(LookAlikes, distinct_ones_are_two_persons_and_a_third_is_neither) {
  world.enroll("demo", "");
  EXPECT_EQ(part("Demo", "bob"), Service::Parted::no_look_alikes);
  EXPECT_EQ(part("demo", "demo"), Service::Parted::no_look_alikes);
  EXPECT_EQ(part("Demo", "demo"), Service::Parted::done);
  EXPECT_EQ(part("demo", "Demo"), Service::Parted::already);
  const auto audit = world.audit(account_of("Demo"));
  ASSERT_FALSE(audit.empty());
  EXPECT_NE(audit.back().find("\"event\":\"distinct\""), std::string::npos) << audit.back();
  EXPECT_NE(audit.back().find("\"other\":\"demo\""), std::string::npos) << audit.back();
  EXPECT_TRUE(passes("Demo"));
  EXPECT_FALSE(passes("DEMO"));
  world.enroll("Demo", "");
  EXPECT_EQ(reset("demo", false).verdict, Verdict::accepted);
  EXPECT_TRUE(passes("demo"));
  EXPECT_FALSE(passes("DEMO")) << "Demo still holds it";
  EXPECT_EQ(part("demo", "Demo", false), Service::Parted::done);
  EXPECT_FALSE(passes("demo"));
}

TEST_P(LookAlikes, of_two_spellings_at_once_one_is_on) {
  const auto lower = ready_to_confirm("demo");
  const auto upper = ready_to_confirm("DEMO");
  OvertakenStore store(world.store());
  Service slow(store, world.keys(), world.environment(), world.service().options());
  bool overtaken = false;
  store.after_spelling = [&] {
    overtaken = true;
    EXPECT_EQ(world.run(upper).verdict, Verdict::accepted);
  };
  const auto answer = slow.run(lower);
  ASSERT_TRUE(answer && overtaken);
  EXPECT_TRUE(answer->value().look_alike);
  EXPECT_FALSE(answer->value().recovery_code);
  EXPECT_EQ(world.service().look(account_of("DEMO"))->view.state, State::on);
  EXPECT_FALSE(passes("demo"));
}

TEST_P(LookAlikes, of_two_spellings_in_one_batch_one_is_on) {
  const auto lower = ready_to_confirm("demo");
  const auto upper = ready_to_confirm("DEMO");
  std::atomic<int> accepted{0};
  std::atomic<int> refused{0};
  const auto count = [&](const DecisionResult& result) {
    if (result) ++(result->value().look_alike ? refused : accepted);
  };
  for (const auto& operation : {lower, upper}) world.service().submit(operation, count);
  EXPECT_EQ(accepted + refused, 0) << "not started";
  world.service().start();
  for (const auto& operation : {lower, upper}) world.service().submit(operation, count);
  world.service().stop();
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(refused, 1);
}

TEST_P(LookAlikes, whoever_confirms_a_recovery_gives_the_name_back) {
  const auto demo = world.enroll("demo", "demo@example.org");
  const auto asker = ask(demo);
  auto confirm = confirm_recovery(demo, newest_link(demo));
  confirm.event.has_asker = true;
  confirm.event.asker = asker;
  EXPECT_EQ(world.run(confirm).view.state, State::off);
  EXPECT_TRUE(passes("Demo"));
}

TEST(LookAlikesFailure, a_read_that_fails_is_no_yes) {
  World world("memory");
  const auto demo = account_of("Demo");
  OvertakenStore store(world.store());
  store.after_load = [&] { world.memory()->fail_loads(1); };
  Service service(store, world.keys(), world.environment(), world.service().options());
  const auto look = service.look(demo);
  ASSERT_FALSE(look) << "K16";
  EXPECT_EQ(look.error(), Failure::unavailable);
  store.after_load = [&] { world.memory()->fail_loads(1); };
  EXPECT_FALSE(service.run(operation_of(demo, Kind::begin_enrollment)));
  world.memory()->replace_spelling(text::fold("demo"), "nonsense");
  EXPECT_FALSE(world.service().look(demo));
}

TEST(LookAlikesFailure, only_an_account_without_a_factor_pays_a_second_read) {
  World world("memory");
  const auto person = world.enroll("demo", "");
  OvertakenStore store(world.store());
  Service service(store, world.keys(), world.environment(), world.service().options());
  bool read = false;
  store.after_spelling = [&] { read = true; };
  EXPECT_TRUE(service.look(person.account));
  EXPECT_FALSE(read);
  EXPECT_TRUE(service.look(account_of("bob")));
  EXPECT_TRUE(read);
}

TEST(LookAlikesCheck, says_where_table_and_records_disagree) {
  World world("memory");
  world.enroll("ann", "");
  world.enroll("demo", "");
  auto findings = check_spellings(world.store(), world.keys());
  ASSERT_TRUE(findings);
  EXPECT_TRUE(findings->missing.empty() && findings->stale.empty() && findings->collisions.empty());
  world.memory()->replace_spelling("ann", "");
  world.memory()->replace_spelling("bob", "h bob\n");
  world.memory()->replace_spelling("demo", "h DEMO\nh demo\n");
  world.memory()->replace_spelling("x", "?");
  ASSERT_TRUE(world.service().note(account_of("bob"), {"mail_dropped", "eve", "test"}));
  findings = check_spellings(world.store(), world.keys());
  ASSERT_TRUE(findings);
  EXPECT_EQ(findings->missing, std::vector<std::string>{"ann"});
  EXPECT_EQ(findings->stale, std::vector<std::string>{"bob"});
  EXPECT_EQ(findings->collisions, (std::vector<Names>{{"DEMO", "demo"}}));
  EXPECT_EQ(findings->unreadable, 1U);
  // What the operator does next writes the row anew.
  auto operation = operation_of(account_of("ann"), Kind::set_policy);
  operation.event.policy = Policy::optional;
  EXPECT_EQ(world.run(operation).verdict, Verdict::accepted);
  operation.account = account_of("bob");
  EXPECT_EQ(world.run(operation).verdict, Verdict::accepted);
  findings = check_spellings(world.store(), world.keys());
  EXPECT_TRUE(findings->missing.empty() && findings->stale.empty());
}

TEST(LookAlikesCheck, an_older_edition_is_folded_anew_and_a_newer_one_refused) {
  World world("memory");
  world.enroll("demo", "");
  world.enroll("ann", "");
  const auto as_before_unicode = [](const std::vector<store::SpellingRow>&) {
    return std::vector<store::SpellingRow>{
        {"ann", "h ann\n"}, {"demo", "h demo\nd bob\tdemo\n"}, {"Demo", "h DEMO\nh Demo\nd DEMO\tDemo\n"}};
  };
  const std::string ours = text::fold_edition();
  ASSERT_EQ(world.store().respell(ours, "1 6.0.0 2.8.0", as_before_unicode), true);
  EXPECT_FALSE(world.service().look(account_of("off"))) << "keys of another edition find nothing";
  const auto collisions = fold_spellings_anew(world.store());
  ASSERT_TRUE(collisions) << collisions.error();
  EXPECT_EQ(world.store().spelling_edition(), ours);
  EXPECT_EQ(world.store().spelling("demo", ours), "h DEMO\nh Demo\nh demo\nd DEMO\tDemo\n");
  EXPECT_EQ(*collisions, (std::vector<Names>{{"DEMO", "demo"}, {"Demo", "demo"}}));
  EXPECT_TRUE(fold_spellings_anew(world.store())->empty());
  ASSERT_EQ(world.store().respell(ours, "1 999.0.0 2.8.0", as_before_unicode), true);
  const auto refused = fold_spellings_anew(world.store());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().find("libutf8proc"), std::string::npos) << refused.error();
  world.memory()->replace_spelling("demo", "nonsense");
  ASSERT_EQ(world.store().respell("1 999.0.0 2.8.0", "1 6.0.0 2.8.0", [](const auto& rows) { return rows; }),
            true);
  EXPECT_FALSE(fold_spellings_anew(world.store())) << "a row that says nothing frees no name";
  EXPECT_EQ(world.store().spelling_edition(), std::string("1 6.0.0 2.8.0"));
}

TEST(LookAlikesRow, is_one_text_for_one_meaning) {
  const Spellings two{{"DEMO", "demo"}, {{"DEMO", "demo"}}};
  const std::string body = "h DEMO\nh demo\nd DEMO\tdemo\n";
  EXPECT_EQ(encode_spellings(two), body);
  EXPECT_EQ(decode_spellings(body), two);
  EXPECT_EQ(decode_spellings(""), Spellings{});
  for (const char* bad : {"h demo", "x demo\n", "h \n", "h", "\n", "h demo\nh DEMO\n", "d demo\n",
                          "d demo\t\n", "d \tdemo\n", "h a\tb\n"})
    EXPECT_EQ(decode_spellings(bad), std::nullopt) << bad;
}

INSTANTIATE_TEST_SUITE_P(Stores, LookAlikes, testing::Values("memory", "sqlite"), store_name);

}  // namespace
}  // namespace twinlock::service::test
