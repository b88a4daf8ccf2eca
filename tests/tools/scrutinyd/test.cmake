set(TEST_DEPS scrutiny::tests_support scrutiny::proto_rpc scrutiny::services_http
    scrutiny::ledger_verify scrutiny::ledger_note scrutiny::ledger_merkle scrutiny::ledger_format
    scrutiny::ledger_base gRPC::grpc++ nlohmann_json::nlohmann_json)
