set(TEST_DEPS scrutiny::tools_scrutiny_bench scrutiny::tests_support scrutiny::proto_rpc scrutiny::ledger_base nlohmann_json::nlohmann_json)
