package dev.weir.admin;

import dev.weir.api.ApiError;
import java.util.Collection;
import java.util.Optional;

/** Why a command was not carried out, in the words every way in uses. */
final class Refusals {

  private static final String REQUEST = "invalid_request_error";

  private Refusals() {}

  /** {@code expected} completes "Expected ...". */
  static Result invalid(String field, String expected) {
    return new Result.Refused(
        ApiError.invalid(
            field, "invalid_value", "Invalid '%s'. Expected %s.".formatted(field, expected)));
  }

  static Result notOneOf(String field, Collection<String> allowed) {
    return invalid(field, "one of " + String.join(", ", allowed));
  }

  static Result noTenant(String tenant) {
    return refused(404, "tenant_not_found", "There is no tenant %s.".formatted(shown(tenant)));
  }

  static Result noKey(String tenant, String key) {
    return refused(
        404,
        "key_not_found",
        "There is no key %s of tenant %s.".formatted(shown(key), shown(tenant)));
  }

  static Result tenantExists(String tenant) {
    return refused(409, "tenant_exists", "The tenant %s exists already.".formatted(shown(tenant)));
  }

  static Result keyExists(String key) {
    return refused(
        409,
        "key_issued_already",
        "This Idempotency-Key has issued the key %s, which is shown only once. Rotate it for a new one."
            .formatted(key));
  }

  static Result nothingAudited() {
    return refused(404, "audit_off", "Nothing is audited here: the stack has Audit=off.");
  }

  static Result nothingCaptured() {
    return refused(
        409, "capture_off", "Nothing is captured here: the stack has PayloadCapture=off.");
  }

  static Result changedMeanwhile() {
    return refused(
        412,
        "tenant_changed",
        "The tenant has another version than If-Match names. Read it again and decide anew.");
  }

  static Result contended() {
    return refused(
        409, "tenant_contended", "Others keep changing this tenant; nothing was changed. Retry.");
  }

  static Result noIncident(String id) {
    return refused(404, "incident_not_found", "There is no incident %s.".formatted(shown(id)));
  }

  static Result unknownRoute() {
    return refused(404, "unknown_url", "There is no such route.");
  }

  static Result notAudited() {
    return new Result.Refused(
        new ApiError(
            503,
            "server_error",
            "audit_unavailable",
            "The audit log cannot be written, so nothing was changed. Retry.",
            Optional.empty()));
  }

  static Result refused(int status, String code, String message) {
    return new Result.Refused(new ApiError(status, REQUEST, code, message, Optional.empty()));
  }

  private static String shown(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "…";
  }
}
