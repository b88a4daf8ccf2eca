set(TEST_DEPS scrutiny::tests_support scrutiny::proto_rpc scrutiny::ledger_base gRPC::grpc++ nlohmann_json::nlohmann_json)
