package dev.weir.inference;

/** {@code POST /v1/responses}. */
public final class ResponsesHandler extends PrimedDoor {

  /** Wired from the function's environment variables. */
  public ResponsesHandler() {
    super(
        Wiring.fromEnvironment(),
        "responses",
        wiring -> wiring.responsesFlow()::serve,
        Wiring::chatPriming);
  }
}
