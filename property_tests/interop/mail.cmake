# SPDX-License-Identifier: Apache-2.0
# Mail against a real SMTP server (Debian's python3-aiosmtpd, so Debian's Python).
find_program(TWINLOCK_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

add_executable(mail_interop_tests mail_places_test.cpp mail_pump_test.cpp mail_support.cpp smtp_mailer_test.cpp)
target_link_libraries(mail_interop_tests PRIVATE
  twinlock_mail twinlock_memory_store twinlock_sqlite GTest::gtest_main)
target_compile_definitions(mail_interop_tests PRIVATE
  TWINLOCK_MAILER="$<TARGET_FILE:twinlock-mailer>"
  TWINLOCK_PYTHON="${TWINLOCK_PYTHON}"
  TWINLOCK_SMTP_SINK="${PROJECT_SOURCE_DIR}/docs/examples/demo/smtp_sink.py")
add_dependencies(mail_interop_tests twinlock-mailer)
gtest_discover_tests(mail_interop_tests PROPERTIES TIMEOUT 60)
