find_package(rapidcheck REQUIRED)
add_executable(service_model service_model.cpp)
target_link_libraries(service_model PRIVATE service_world rapidcheck GTest::gtest_main)
gtest_discover_tests(service_model PROPERTIES TIMEOUT 60 ENVIRONMENT "RC_PARAMS=max_success=300")
