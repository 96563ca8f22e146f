package dev.weir.inference;

/** {@code POST /v1/chat/completions}. */
public final class ChatHandler extends PrimedDoor {

  /** Wired from the function's environment variables. */
  public ChatHandler() {
    super(
        Wiring.fromEnvironment(), "chat", wiring -> wiring.chatFlow()::serve, Wiring::chatPriming);
  }
}
