# SPDX-License-Identifier: Apache-2.0
set(specification_parts events.cpp records.cpp specified.cpp throttle.cpp time.cpp verdicts.cpp)
list(TRANSFORM specification_parts PREPEND ${PROJECT_SOURCE_DIR}/property_tests/specification/)
add_executable(specification_histories specification_histories.cpp ${specification_parts})
target_link_libraries(specification_histories PRIVATE twinlock_kernel twinlock_options GTest::gtest_main)
set_target_properties(specification_histories PROPERTIES UNITY_BUILD OFF)
gtest_discover_tests(specification_histories TEST_PREFIX specification. PROPERTIES TIMEOUT 240)
