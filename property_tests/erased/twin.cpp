// SPDX-License-Identifier: Apache-2.0
// The leaky twin: linked with --wrap, this stands in for scrub_stack() and overwrites nothing.
extern "C" void __wrap__ZN8twinlock11scrub_stackEv() {}
