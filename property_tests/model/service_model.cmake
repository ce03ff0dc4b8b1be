# SPDX-License-Identifier: Apache-2.0
find_package(rapidcheck REQUIRED)
add_executable(service_model service_model.cpp)
target_link_libraries(service_model PRIVATE service_world rapidcheck GTest::gtest_main)
gtest_discover_tests(service_model PROPERTIES TIMEOUT 600 ENVIRONMENT "RC_PARAMS=max_success=300")
add_executable(service_swarm service_swarm.cpp service_moves.cpp)
target_link_libraries(service_swarm PRIVATE kernel_oracle service_world rapidcheck GTest::gtest_main)
gtest_discover_tests(service_swarm PROPERTIES TIMEOUT 600 ENVIRONMENT "RC_PARAMS=max_success=3000")
