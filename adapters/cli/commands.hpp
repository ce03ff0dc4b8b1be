// SPDX-License-Identifier: Apache-2.0
// Declares the subcommands. Each takes the parsed arguments, does one thing and returns the exit code.
#pragma once

#include <cstdint>
#include <string>

#include "adapters/cli/session.hpp"

namespace twinlock::cli {

struct InitOptions {
  std::string base_url;  // "": for tests on this machine
  std::string issuer;
  std::string contact;
  std::string web;  // "": none; "nginx": prints its site, and makes nothing
};
int init(const Common& common, const InitOptions& options);

int doctor(const Common& common);

struct SiteOptions {
  std::string url;  // http(s)://host[:port]
  std::string path = "/";
  std::string user;  // a test account; "": none
  std::string password_file;
  std::string ca_file;
  bool insecure = false;
  std::string web;  // the web server's name; "": as the header Server has it
};
int doctor_url(const Common& common, const SiteOptions& options);

int show(const Common& common, const std::string& account);

struct ResetOptions {
  std::string account;
  std::string reason;
  bool replace = false;
  bool unopenable = false;  // the record does not open: its chain restarts, marked
};
int reset(const Common& common, const ResetOptions& options);

int unlock(const Common& common, const std::string& account, const std::string& reason);

struct PolicyOptions {
  std::string account;
  std::string policy;
  std::string from;  // "": at once
};
int set_policy(const Common& common, const PolicyOptions& options);

int audit_show(const Common& common, const std::string& account);
int audit_verify(const Common& common, const std::string& account);  // "": all accounts

int api_key_add(const Common& common, const std::string& scope, const std::string& name);
int api_key_list(const Common& common);
int api_key_remove(const Common& common, const std::string& id);

int mail_list(const Common& common);
int mail_retry(const Common& common, const std::string& id);  // "all" or what mail_list shows
int mail_drop(const Common& common, const std::string& id, const std::string& reason);

}  // namespace twinlock::cli
