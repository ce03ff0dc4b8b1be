# SPDX-License-Identifier: Apache-2.0
find_package(rapidcheck REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/kernel_oracle.cmake)
add_executable(kernel_model kernel_histories.cpp)
target_link_libraries(kernel_model PRIVATE
  kernel_oracle twinlock_options rapidcheck GTest::gtest GTest::gtest_main)
gtest_discover_tests(kernel_model PROPERTIES TIMEOUT 600 ENVIRONMENT "RC_PARAMS=max_success=4000")

# Every corner that valid() admits is reached by events.
add_executable(kernel_corners kernel_corner_list.cpp kernel_corners.cpp)
target_link_libraries(kernel_corners PRIVATE kernel_world GTest::gtest_main)
gtest_discover_tests(kernel_corners PROPERTIES TIMEOUT 600)
