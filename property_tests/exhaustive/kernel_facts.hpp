// SPDX-License-Identifier: Apache-2.0
// What the kernel's decision table says and where its events lead, asked of the kernel itself: the words of
// kernel/table.hpp and kernel/event.hpp, and for every state the next state of every accepted event, under
// every policy and with every proof right. kernel_table.cpp writes it down, kernel_states.cpp draws it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "kernel/table.hpp"

namespace twinlock::exhaustive {

inline constexpr State all_states[states_count] = {State::off, State::enrolling, State::on, State::recovering,
                                                   State::replacing};

// A row of the table as it is written.
struct Row {
  Kind kind;
  std::string name;
  std::string reason;
};

// An enumerator and the comment behind it.
struct Named {
  std::string name;
  std::string words;
};

struct Facts {
  std::vector<Row> rows;
  std::vector<Named> verdicts;
  std::map<Need, std::string> needs;                        // in words
  std::map<Kind, std::map<State, std::set<State>>> leads;   // accepted events
  std::map<Kind, std::map<State, std::set<Notice>>> tells;  // by mail
  std::map<State, std::set<State>> expires;                 // when its ten minutes are over
  std::map<State, std::set<State>> gives_up;                // after the tenth wrong code of an enrollment
  std::map<State, std::string> sign_in;                     // in words
};

// Throws std::runtime_error where the text and the compiled table differ.
Facts read_facts(const std::string& kernel_folder);

std::string name(State state);
std::string name(Notice notice);

std::string table_page(const Facts& facts);
std::string states_picture(const Facts& facts);

}  // namespace twinlock::exhaustive
