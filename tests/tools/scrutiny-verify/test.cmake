set(TEST_DEPS scrutiny::tools_scrutiny_verify scrutiny::ledger_verify scrutiny::services_http
  CLI11::CLI11 nlohmann_json::nlohmann_json)
# The logs that the checker's own tests are made with.
list(APPEND sources "${CMAKE_CURRENT_SOURCE_DIR}/ledger/verify/test_log.cc")
