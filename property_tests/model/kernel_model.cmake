# SPDX-License-Identifier: Apache-2.0
find_package(rapidcheck REQUIRED)
add_library(kernel_naive_model STATIC kernel_model.cpp kernel_model_recovery.cpp)
target_link_libraries(kernel_naive_model PUBLIC twinlock_kernel PRIVATE twinlock_options)
add_executable(kernel_model kernel_histories.cpp)
target_link_libraries(kernel_model PRIVATE
  kernel_naive_model twinlock_kernel twinlock_options rapidcheck GTest::gtest GTest::gtest_main)
gtest_discover_tests(kernel_model PROPERTIES TIMEOUT 600 ENVIRONMENT "RC_PARAMS=max_success=4000")

# Every corner that valid() admits is reached by events.
add_executable(kernel_corners kernel_corner_list.cpp kernel_corners.cpp)
target_link_libraries(kernel_corners PRIVATE kernel_world GTest::gtest_main)
gtest_discover_tests(kernel_corners PROPERTIES TIMEOUT 600)
