// SPDX-License-Identifier: Apache-2.0
// valid() is not wider than life: each named corner of the records that it admits is reached from
// new_record() by events, in a search of bounded length. A corner that nobody reaches means that valid() is
// too wide (or the search too short). What valid() admits and no history leaves is said in kernel/record.cpp.
//
// The search keeps every account in which one count or one deadline had a value not seen before in its state,
// takes one of them at random, and lets something happen to it.
#include <gtest/gtest.h>

#include <iostream>
#include <set>
#include <tuple>
#include <vector>

#include "property_tests/model/kernel_corner_list.hpp"
#include "property_tests/unit/kernel/kernel_world.hpp"

namespace twinlock::test {
namespace {

constexpr unsigned events_max = 600000;

// What makes an account worth keeping: a value of one of these that is new in its state.
std::vector<std::uint64_t> features(const Record& r) {
  const Throttle& t = r.throttle;
  const auto rest = [&r](Seconds until, Seconds unit) {  // units left, and whether it is the last second
    return 2 * ((left(until, r) + unit - 1) / unit) + (left(until, r) == 1 ? 1U : 0U);
  };
  return {t.failures[0],
          t.failures[1],
          t.ticket_failures,
          r.ticket_codes,
          r.enrollment_failures,
          r.secret_length,
          r.secret_length > 20 && r.recovery_drawn_at != 0 ? 1U : 0U,
          static_cast<std::uint64_t>(r.before),
          static_cast<std::uint64_t>(r.policy) * 3 + static_cast<std::uint64_t>(r.host_word),
          rest(t.budget_until, 25920),
          rest(t.recovery_until, 360),
          rest(t.begin_until, 60),
          rest(t.link_until[0], 3600) * 100 + rest(t.link_until[1], 3600) * 10 + rest(t.link_until[2], 3600),
          rest(t.wait_until[0], 600) * 10 + rest(t.wait_until[1], 600),
          rest(r.deadline, 200),
          rest(r.voucher_until, 600),
          (r.last_used_at != 0 ? 1U : 0U) + (r.recovery_drawn_at != 0 ? 2U : 0U) +
              (r.recovery_saved_at != 0 ? 4U : 0U) + (locked(r) ? 8U : 0U) + (r.seen == 30 ? 16U : 0U) +
              (r.seen == last_second ? 32U : 0U)};
}

class Search {
 public:
  Search() {
    World w;
    w.rules.required_from = start_s;
    pool_.push_back(w);
  }

  void step() {
    World w = pool_[random_() % 3 == 0 ? pool_.size() - 1 - random_() % std::min<std::size_t>(8, pool_.size())
                                       : random_() % pool_.size()];
    w.random.seed(random_());
    w.rules.required = random_() % 2 == 0;
    w.rules.replace_after_recovery = random_() % 2 == 0;
    if (random_() % 32 == 0) return siege(w);
    for (int i = 0; i < 4; ++i) {
      move_clock(w);
      happens(w, something(w));
    }
  }

  unsigned events = 0;
  std::set<std::string> reached;

 private:
  void move_clock(World& w) {
    const Record& r = w.record;
    const Seconds ends[] = {r.deadline,
                            r.voucher_until,
                            r.throttle.budget_until,
                            r.throttle.begin_until,
                            r.throttle.link_until[2],
                            r.throttle.wait_until[1]};
    const Seconds end = ends[random_() % std::size(ends)];
    switch (random_() % 16) {
      case 0:
      case 1:
        w.now += 30;
        break;
      case 2:
        if (end > w.now + 1) w.now = end - 1;
        break;
      case 3:
      case 4:
        w.now += w.see().retry_after_s[random_() % 2];
        break;
      case 5:
        w.now += random_() % 4000;
        break;
      case 6:
        if (random_() % 8 == 0 && w.now > 100000) w.now -= 90000;
        break;
      case 7:
        if (random_() % 64 == 0) w.now = random_() % 2 == 0 ? 30 : last_second;
        break;
      default:
        break;
    }
    if (w.now > last_second) w.now = last_second;
  }

  void happens(World& w, const Event& e) {
    w.send(e);
    ++events;
    look(w);
  }

  // The same again and again, each as soon as it may be evaluated: what a hundred random events never are.
  void siege(World& w) {
    const unsigned how = static_cast<unsigned>(random_() % 7);
    const unsigned times = random_() % 2 == 0 ? 125 : 1 + static_cast<unsigned>(random_() % 40);
    for (unsigned i = 0; i < times; ++i) {
      const unsigned part = how == 3 ? static_cast<unsigned>(random_() % 3) : how;
      const Lane lane = part == 0 || part == 6 ? Lane::known : Lane::other;
      Event e = w.wrong(Kind::verify, lane);
      if (part < 2 || part == 6) w.now += w.see().retry_after_s[static_cast<std::size_t>(lane)];
      if (part == 2 && w.record.ticket_codes == 0) e = event(Kind::operator_unlock);
      if (part == 2 && w.record.ticket_codes != 0) e = w.wrong_by_ticket();
      if (part == 4) e = w.anew();
      if (part == 5) e = w.right(Kind::confirm_saved);
      if (part == 5) e.recovery_code.b[0] ^= 1U;
      if (part == 6 && i % 5 == 4) w.now += 30, e = w.right(Kind::verify, 1, lane);  // a success between
      if (w.now > last_second) return;
      happens(w, e);
    }
    if (how == 4) happens(w, w.right(Kind::cancel_enrollment));
    if (how != 6 || w.now + 60 > last_second) return;
    happens(w, event(Kind::operator_unlock));
    w.now += 60;
    happens(w, w.right_by_ticket());
  }

  Event something(World& w) {
    const Kind kind = static_cast<Kind>(random_() % kinds_count);
    const Lane lane = random_() % 2 == 0 ? Lane::known : Lane::other;
    Event e = random_() % 2 == 0 ? w.right(kind, static_cast<int>(random_() % 2), lane) : w.wrong(kind, lane);
    if (random_() % 4 == 0) e = w.wrong(Kind::verify, lane);
    if (random_() % 8 == 0) e = w.anew();
    if (random_() % 2 == 0) e.ticket = w.ticket;
    if (random_() % 4 == 0) e.recovery_code.b[0] ^= 1U;
    e.host_word = static_cast<HostWord>(random_() % 3);
    e.policy = static_cast<Policy>(random_() % 3);
    constexpr Seconds dates[] = {0, 0, 1, last_second};
    if (e.policy == Policy::required) e.policy_from = dates[random_() % 4];
    e.by_operator = e.replace = random_() % 2 == 0;
    if (e.kind == Kind::operator_import) {
      const std::uint64_t length = random_() % 2 == 0 ? 16 + 16 * (random_() % 4) : 16 + random_() % 49;
      const Event key = import_of(static_cast<std::uint8_t>(length));
      e.key = key.key;
      e.key_length = key.key_length;
    }
    return e;
  }

  void look(const World& w) {
    for (std::size_t i = 0; i < corners_.size(); ++i)
      if (!found_[i] && corners_[i].is(w.record)) found_[i] = true, reached.insert(corners_[i].name);
    const std::vector<std::uint64_t> values = features(w.record);
    bool fresh = false;
    for (std::size_t i = 0; i < values.size(); ++i)
      fresh = known_.emplace(w.record.state, i, values[i]).second || fresh;
    if (fresh) pool_.push_back(w);
  }

  const std::vector<Corner> corners_ = corners();
  std::vector<bool> found_ = std::vector<bool>(corners_.size());
  std::vector<World> pool_;
  std::set<std::tuple<State, std::size_t, std::uint64_t>> known_;
  std::mt19937_64 random_{3};
};

TEST(KernelCorners, EachIsReached) {
  const std::vector<Corner> all = corners();
  Search search;
  while (search.events < events_max && search.reached.size() < all.size()) search.step();
  for (const Corner& corner : all)
    EXPECT_EQ(search.reached.count(corner.name), 1U) << "no history leads to: " << corner.name;
  std::cout << "figure: kernel corners: " << search.reached.size() << " of " << all.size() << " reached in "
            << search.events << " events\n";
}

}  // namespace
}  // namespace twinlock::test
