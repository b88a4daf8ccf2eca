#include "projections/panels/schemes.h"

#include <memory>

#include "projections/board/wording.h"
#include "projections/engine/row_fold.h"
#include "scrutiny/register/v1/register.pb.h"

namespace scrutiny::projections {
namespace {

using event::v1::Proposed;

class SchemeFold final : public RowFold<register_::v1::SchemeRow> {
 public:
  explicit SchemeFold(absl::string_view record) { row_.set_scheme(record.data(), record.size()); }

 protected:
  absl::Status Take(const Fact& fact) override {
    const Proposed& proposed = fact.proposed();
    if (proposed.has_scheme_established()) {
      terms_ = proposed.scheme_established();
      row_.set_name(terms_.name());
      row_.set_looks_at(terms_.looks_at());
      row_.set_purpose(terms_.purpose());
      row_.set_unit(terms_.unit());
      return absl::OkStatus();
    }
    if (proposed.has_scheme_ended()) {
      row_.set_ended(true);
      return absl::OkStatus();
    }
    return NotForRegister("schemes", fact);
  }

  void MoreRows(RowSink& sink) override { sink.Row(kSchemeTermsKey, terms_); }

 private:
  event::v1::SchemeEstablished terms_;
};

const google::protobuf::Message& RowOf(absl::string_view key) {
  if (key == kSchemeTermsKey) return event::v1::SchemeEstablished::default_instance();
  return register_::v1::SchemeRow::default_instance();
}

}  // namespace

const Register& SchemesRegister() {
  static const Register& schemes =
      *new Register{"schemes",
                    1,
                    "schemes",
                    {Proposed::kSchemeEstablished, Proposed::kSchemeEnded},
                    [](absl::string_view record) -> std::unique_ptr<Fold> {
                      return std::make_unique<SchemeFold>(record);
                    },
                    nullptr,
                    RowOf};
  return schemes;
}

}  // namespace scrutiny::projections
