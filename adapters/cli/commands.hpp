// SPDX-License-Identifier: Apache-2.0
// Declares the subcommands. Each takes the parsed arguments, does one thing and returns the exit code.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/console/session.hpp"

namespace twinlock::cli {

struct InitOptions {
  std::string base_url;  // "": for tests on this machine
  std::string issuer;
  std::string contact;
  std::string web;  // "": none; "nginx": prints its site, and makes nothing
};
int init(const console::Common& common, const InitOptions& options);

int show(const console::Common& common, const std::string& account);

struct ResetOptions {
  std::string account;
  std::string reason;
  bool replace = false;
  bool unopenable = false;  // the record does not open: its chain restarts, marked
};
int reset(const console::Common& common, const ResetOptions& options);

int unlock(const console::Common& common, const std::string& account, const std::string& reason);

struct PolicyOptions {
  std::string account;
  std::string policy;
  std::string from;  // "": at once
};
int set_policy(const console::Common& common, const PolicyOptions& options);

struct DistinctOptions {
  std::string first;
  std::string second;
  std::string reason;
  bool remove = false;
  bool list = false;
};
int accounts_distinct(const console::Common& common, const DistinctOptions& options);

int audit_show(const console::Common& common, const std::string& account);
int audit_verify(const console::Common& common, const std::string& account);  // "": all accounts

int api_key_add(const console::Common& common, const std::string& scope, const std::string& name);
int api_key_list(const console::Common& common);
int api_key_remove(const console::Common& common, const std::string& id);

int backup(const console::Common& common, const std::string& file);

// One of the three.
struct RestoreOptions {
  std::string file;          // a backup
  bool accept_main = false;  // the main file, whose -wal is gone
  bool in_place = false;     // the database as it is: somebody put back an old one, such as a disk's snapshot
  std::string reason;
};
int restore(const console::Common& common, const RestoreOptions& options);

int mail_list(const console::Common& common);
int mail_retry(const console::Common& common, const std::string& id);  // "all" or what mail_list shows
int mail_drop(const console::Common& common, const std::string& id, const std::string& reason);

}  // namespace twinlock::cli
