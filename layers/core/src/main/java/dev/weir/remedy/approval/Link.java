package dev.weir.remedy.approval;

/**
 * What a link to a question carries: who has it may answer.
 *
 * @param expiry epoch seconds
 * @param signature over both, base64url
 */
public record Link(String id, String expiry, String signature) {

  /** The link's end, behind the path of all questions. */
  public String text() {
    return "/%s?e=%s&s=%s".formatted(id, expiry, signature);
  }
}
