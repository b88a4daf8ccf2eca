#include "tests/services/grpc/fixture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "rocksdb/file_system.h"

#include "ledger/base/status.h"
#include "tests/support/facts.h"

namespace scrutiny::testing {
namespace {

constexpr int64_t kDayMicros = int64_t{24} * 3600 * 1'000'000;

}  // namespace

void SyncGate::Close() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
}

void SyncGate::Open() {
  std::lock_guard<std::mutex> lock(mutex_);
  closed_ = false;
  changed_.notify_all();
}

void SyncGate::Pass() {
  std::unique_lock<std::mutex> lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !closed_; });
  --waiting_;
}

void SyncGate::AwaitSomebody() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ > 0; });
}

namespace {

class GatedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  GatedFile(std::unique_ptr<rocksdb::FSWritableFile> file, SyncGate& gate)
      : FSWritableFileOwnerWrapper(std::move(file)), gate_(gate) {}

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* debug) override {
    gate_.Pass();
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    gate_.Pass();
    return FSWritableFileOwnerWrapper::Fsync(options, debug);
  }

 private:
  SyncGate& gate_;
};

class GatedFiles final : public rocksdb::FileSystemWrapper {
 public:
  explicit GatedFiles(SyncGate& gate)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), gate_(gate) {}

  const char* Name() const override { return "GatedFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSWritableFile> plain;
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &plain, debug);
    if (status.ok()) *file = std::make_unique<GatedFile>(std::move(plain), gate_);
    return status;
  }

 private:
  SyncGate& gate_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> GatedFileSystem(SyncGate& gate) {
  return std::make_shared<GatedFiles>(gate);
}

void GrpcTest::OpenLedger() {
  ledger_options_.data = data();
  if (signs_) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(identity_, ledger::Identity::Open(identity_folder()));
    ledger_options_.make_key = [this](absl::string_view origin) {
      return identity_->MakeKey(origin, random_);
    };
  }
  SCRUTINY_ASSERT_OK_AND_ASSIGN(ledger_, ledger::Ledger::Open(ledger_options_));
  if (signs_) {
    SCRUTINY_ASSERT_OK_AND_ASSIGN(
        checkpointer_, ledger::Checkpointer::Open({*ledger_, *identity_, clock_, random_}));
  }
}

void GrpcTest::OpenKeys() {
  ledger::KeyStoreOptions options;
  options.dir = keys_folder();
  options.ledger_id = ledger_->identity().ledger_id;
  options.clock = &clock_;
  options.random = &random_;
  SCRUTINY_ASSERT_OK_AND_ASSIGN(keys_, ledger::KeyStore::Open(options));
  ASSERT_THAT(ledger_->AttachKeys(*keys_, key_backup_days_ * kDayMicros), IsOk());
}

void GrpcTest::Start() {
  ASSERT_NO_FATAL_FAILURE(OpenLedger());
  if (seals_) {
    ASSERT_NO_FATAL_FAILURE(OpenKeys());
  }
  projections::RegisterStoreOptions register_options;
  register_options.path = data() + "/registers";
  absl::StatusOr<std::unique_ptr<projections::RegisterStore>> registers =
      projections::RegisterStore::Open(*ledger_, register_options);
  ASSERT_THAT(registers, IsOk());
  registers_ = *std::move(registers);
  auto papers = ledger::PaperStore::Open(dir_.File("papers"));
  ASSERT_THAT(papers, IsOk());
  papers_ = *std::move(papers);
  services::ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.version = "test";
  options.checkpointer = checkpointer_.get();
  options.papers = papers_.get();
  absl::StatusOr<std::unique_ptr<services::GrpcServer>> server =
      services::GrpcServer::Start(options, *ledger_, registers_.get(), clock_);
  ASSERT_THAT(server, IsOk());
  server_ = *std::move(server);
  channel_ = NewChannel();
  stub_ = api::LedgerService::NewStub(channel_);
}

void GrpcTest::Stop(bool closes_well) {
  if (server_ != nullptr) server_->Shutdown(5'000'000);
  stub_.reset();
  channel_.reset();
  server_.reset();
  registers_.reset();
  papers_.reset();
  checkpointer_.reset();
  if (ledger_ != nullptr) {
    const absl::Status closed = ledger_->Close();
    if (closes_well) {
      EXPECT_THAT(closed, IsOk());
    }
  }
  ledger_.reset();
  keys_.reset();
  identity_.reset();
}

std::shared_ptr<grpc::Channel> GrpcTest::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(server_->address(), grpc::InsecureChannelCredentials(),
                                   arguments);
}

api::AppendRequest GrpcTest::RequestOf(const std::string& id,
                                       std::vector<event::v1::Proposed> facts) {
  api::AppendRequest request;
  request.set_request_id(id);
  for (event::v1::Proposed& fact : facts) {
    *request.add_facts()->mutable_proposed() = std::move(fact);
  }
  return request;
}

grpc::Status GrpcTest::Append(const api::AppendRequest& request, api::AppendResponse* response) {
  grpc::ClientContext context;
  api::AppendResponse ignored;
  return stub_->Append(&context, request, response == nullptr ? &ignored : response);
}

void GrpcTest::AppendActions(int count, int per_append, const std::string& prefix) {
  int made = 0;
  while (made < count) {
    std::vector<event::v1::Proposed> facts;
    for (int i = 0; i < per_append && made < count; ++i, ++made) {
      facts.push_back(ActionRaised(absl::StrCat(prefix, "/", made), "Do it."));
    }
    const grpc::Status status =
        Append(RequestOf(absl::StrCat(prefix, ":", made), std::move(facts)));
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
}

std::vector<std::string> GrpcTest::ReadAll(const api::ReadRequest& request, grpc::Status* status,
                                           std::vector<api::ReadResponse>* batches) {
  grpc::ClientContext context;
  const auto reader = stub_->Read(&context, request);
  api::ReadResponse response;
  std::vector<std::string> entries;
  while (reader->Read(&response)) {
    entries.insert(entries.end(), response.entries().begin(), response.entries().end());
    if (batches != nullptr) batches->push_back(response);
  }
  const grpc::Status end = reader->Finish();
  if (status != nullptr) {
    *status = end;
  } else {
    EXPECT_TRUE(end.ok()) << end.error_message();
  }
  return entries;
}

api::ErrorDetail DetailOf(const api::ErrorStatus& refused) {
  api::ErrorDetail detail;
  if (refused.details_size() > 0) refused.details(0).UnpackTo(&detail);
  return detail;
}

api::ErrorDetail DetailOf(const grpc::Status& status) {
  api::ErrorStatus wire;
  wire.ParseFromString(status.error_details());
  return DetailOf(wire);
}

uint64_t SequenceOf(const std::string& bytes) {
  event::v1::Entry entry;
  EXPECT_TRUE(entry.ParseFromString(bytes));
  return entry.assigned().sequence();
}

std::vector<uint64_t> SequencesOf(const std::vector<std::string>& entries) {
  std::vector<uint64_t> sequences;
  for (const std::string& entry : entries) sequences.push_back(SequenceOf(entry));
  return sequences;
}

}  // namespace scrutiny::testing
