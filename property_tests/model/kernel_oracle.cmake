# SPDX-License-Identifier: Apache-2.0
# The specification as a compiler reads it, and what random histories ask of it. Included by fuzz/ too.
include_guard(GLOBAL)
set(specification_parts events.cpp records.cpp specified.cpp throttle.cpp time.cpp verdicts.cpp)
list(TRANSFORM specification_parts PREPEND ${PROJECT_SOURCE_DIR}/property_tests/specification/)
add_library(kernel_oracle STATIC ${CMAKE_CURRENT_LIST_DIR}/kernel_oracle.cpp ${specification_parts})
target_link_libraries(kernel_oracle PUBLIC twinlock_kernel PRIVATE twinlock_options)
