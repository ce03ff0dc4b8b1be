// SPDX-License-Identifier: Apache-2.0
// Rotation of the key ring under a running service, and changes outside the kernel's events.
#include <stdlib.h>

#include "adapters/keys/key_file.hpp"
#include "adapters/service/rows.hpp"
#include "property_tests/unit/service/service_fixture.hpp"

namespace twinlock::service::test {

namespace {

class Rotation : public testing::Test {
 protected:
  Rotation() {
    std::string name = std::filesystem::temp_directory_path() / "twinlock-rotation-XXXXXX";
    folder = ::mkdtemp(name.data());
    file = folder + "/twinlock.key";
    ring.emplace(std::move(*keys::KeyRing::create_file(file)));
    service.emplace(store, *ring, environment, Options{});
    EXPECT_TRUE(service->run(operation_of(ann, Kind::begin_enrollment)));
  }
  ~Rotation() override { std::filesystem::remove_all(folder); }

  keys::KeyId sealed_by() { return keys::sealed_with((**store.load(ann)).sealed); }
  bool sound() {
    const auto found = verify_audit(store, *ring, ann);
    return found && !*found;
  }

  std::string folder, file;
  store::MemoryStore store;
  TestEnvironment environment;
  const Account ann = account_of("ann");
  std::optional<keys::KeyRing> ring;
  std::optional<Service> service;
};

TEST_F(Rotation, reseals_under_the_current_key_once) {
  EXPECT_EQ(sealed_by(), 1U);
  ASSERT_TRUE(keys::add_key(file));
  ASSERT_TRUE(keys::make_current(file, 2));
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(service->reseal(ann, "eve"), Expected<bool>(true));
  EXPECT_EQ(sealed_by(), 2U);
  EXPECT_EQ(service->reseal(ann, "eve"), Expected<bool>(false));
  EXPECT_EQ(service->reseal(account_of("nobody"), "eve"), Expected<bool>(false));
  ASSERT_TRUE(keys::retire_key(file, 1));
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(service->look(ann)->view.state, State::enrolling);
  EXPECT_TRUE(sound());
}

TEST_F(Rotation, an_unknown_key_id_reloads_the_ring_before_it_alarms) {
  ASSERT_TRUE(keys::add_key(file));
  ASSERT_TRUE(keys::make_current(file, 2));
  auto other_ring = keys::KeyRing::load_file(file);  // another process, which read the new file
  ASSERT_TRUE(other_ring);
  Service other(store, *other_ring, environment, Options{});
  ASSERT_EQ(other.reseal(ann, "eve"), Expected<bool>(true));
  EXPECT_EQ(ring->current(), 1U);
  EXPECT_EQ(service->look(ann)->view.state, State::enrolling);
  EXPECT_EQ(ring->current(), 2U);
  EXPECT_EQ(service->metrics().sealed_alarms, 0U);
}

// The plain text of the row, but for the audit head and the sequence.
std::string beside_the_chain(const Profile& profile) {
  Encoded encoded{};
  EXPECT_TRUE(encode(profile.record, encoded));
  std::string out(reinterpret_cast<const char*>(encoded.b), sizeof encoded.b);
  return out.append(1, static_cast<char>(profile.language)).append(profile.address);
}

TEST_F(Rotation, a_note_and_a_new_key_leave_record_and_address_as_they_are) {
  const auto before = load_profile(store, *ring, ann);
  ASSERT_TRUE(before);
  store.lose_changes(1);
  ASSERT_TRUE(service->note(ann, {"mail_dropped", "eve", "moved"}));
  const auto entries = *store.audit_read(ann, 0, 10);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_NE(entries[1].body.find("\"event\":\"mail_dropped\""), std::string::npos);
  EXPECT_EQ(entries[1].body.find("verdict"), std::string::npos);
  ASSERT_TRUE(keys::add_key(file));
  ASSERT_TRUE(keys::make_current(file, 2));
  ASSERT_TRUE(ring->reload());
  EXPECT_EQ(service->reseal(ann, "eve"), Expected<bool>(true));
  EXPECT_TRUE(sound());
  const auto after = load_profile(store, *ring, ann);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->version, before->version + 2);
  EXPECT_EQ(beside_the_chain(after->profile), beside_the_chain(before->profile));
}

}  // namespace

}  // namespace twinlock::service::test
