package dev.weir.guard;

import java.util.List;

/** What is left of a document once secrets and personal data are masked, for keeping. */
public final class Redaction {

  private static final List<String> PHONE_REGIONS = List.of("US", "GB");

  private static final LocalRules RULES =
      new LocalRules(
          List.of(
              new LocalRules.Armed(
                  Rule.SECRETS.text(), Action.MASK, Rule.SECRETS.detectors(PHONE_REGIONS)),
              new LocalRules.Armed(
                  Rule.PII.text(), Action.MASK, Rule.PII.detectors(PHONE_REGIONS))));

  private Redaction() {}

  /** A JSON document as {@code strict}'s rules for secrets and personal data leave it, masked. */
  public static String json(String document) {
    return JsonText.judge(document, RULES::judge).text();
  }
}
