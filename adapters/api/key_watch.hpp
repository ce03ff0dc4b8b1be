// SPDX-License-Identifier: Apache-2.0
// Tells who may use the API. Reads the key file again when it has changed, so that an added or removed key
// counts from the next request on, without a restart.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/key_file.hpp"

namespace twinlock::api {

class KeyWatch {
 public:
  // `path` "": there is no API. `say` gets one line for the operator where the file stops or begins to be
  // readable; it may be called from any thread.
  explicit KeyWatch(std::string path, std::function<void(const std::string&)> say = {});
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;

  enum class Standing : std::uint8_t {
    off,        // there is no key: there is no API
    on,         // there is one
    unreadable  // the file exists but cannot be trusted: every request is refused
  };
  Standing standing();  // now; any thread

  // Returns the caller whose key the Authorization header holds; nullopt: no such key. Compares with every
  // key, in constant time.
  struct Caller {
    Scope scope = Scope::application;
    std::string id;
  };
  std::optional<Caller> caller(std::string_view authorization);

 private:
  using Keys = std::shared_ptr<const std::vector<ApiKey>>;
  struct Stamp {  // of the file that was read; a replaced or rewritten file has another
    bool there = false;
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    timespec changed{};
    friend bool operator==(const Stamp& a, const Stamp& b) {
      return a.there == b.there && a.device == b.device && a.inode == b.inode && a.size == b.size &&
             a.changed.tv_sec == b.changed.tv_sec && a.changed.tv_nsec == b.changed.tv_nsec;
    }
  };

  Keys current();  // nullptr: unreadable
  Stamp stamp() const;

  const std::string path_;
  const std::function<void(const std::string&)> say_;
  std::mutex mutex_;
  std::optional<Stamp> read_;  // nullopt: to be read
  std::string fault_;          // why it could not be read; "": it could
  Keys keys_;
};

}  // namespace twinlock::api
