# SPDX-License-Identifier: Apache-2.0
# Re-spells a few C++20 spellings for CBMC 6.6's C++ front end. Every rule is a pure re-spelling: same_object.sh shows that g++ and
# clang emit identical object code for both texts.
s/\[\[gnu::noinline\]\]/__attribute__((noinline))/g
s/\[\[[a-z_]+(::[a-z_]+)?\]\] ?//g
s/\b(0[xX][0-9a-fA-F]+|[0-9]+)'([0-9a-fA-F]+)/\1\2/g
s/\busing ([A-Za-z_][A-Za-z0-9_]*) = ([A-Za-z_][A-Za-z0-9_:]*);/typedef \2 \1;/g
/^ *static_assert\(.*\);/d
