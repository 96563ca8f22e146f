package dev.weir.local.bedrock.model;

import dev.weir.local.bedrock.wire.Prompt;
import dev.weir.local.bedrock.wire.StreamEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers by rule, the same each time: a label and the last user text, and where tools are given a
 * call of each with arguments made from its schema.
 *
 * <p>Token rule: input is one token per word of every text, one per attachment and one per tool
 * plus the words of its description; output is one token per delta (a word, or eight characters of
 * tool arguments).
 */
public final class ScriptedModel implements LanguageModel {
  private static final Pattern WORD = Pattern.compile("\\S+\\s*");
  private static final Pattern ARGUMENT_PIECE = Pattern.compile(".{1,8}", Pattern.DOTALL);
  private static final int ECHOED_WORDS = 64;

  private final String label;
  private final Pace pace;
  private final InstantSource clock;

  /** Makes a model whose every text starts with this label. */
  public ScriptedModel(String label, Pace pace, InstantSource clock) {
    this.label = label;
    this.pace = pace;
    this.clock = clock;
  }

  @Override
  public int countTokens(Prompt prompt) {
    int tokens = prompt.system().stream().mapToInt(text -> words(text).size()).sum();
    for (Prompt.Turn turn : prompt.turns()) {
      tokens += words(turn.text()).size() + turn.attachments();
    }
    for (Prompt.Tool tool : prompt.tools()) {
      tokens += 1 + words(tool.description()).size();
    }
    return tokens;
  }

  @Override
  public void answer(Prompt prompt, AnswerSink sink) throws AnswerEnded {
    Instant begun = clock.instant();
    sink.send(StreamEvent.started());
    int budget = prompt.sampling().maxTokens().orElse(Integer.MAX_VALUE);
    int spent = 0;
    Speech speech = speech(prompt);
    String reason = speech.stopReason();
    for (StreamEvent event : speech.events()) {
      if (event.type().equals("contentBlockDelta")) {
        if (spent == budget) {
          sink.send(StreamEvent.blockStopped(event.payload().path("contentBlockIndex").asInt()));
          reason = "max_tokens";
          break;
        }
        spent++;
        sink.pause(pace.perToken());
      }
      sink.send(event);
    }
    sink.send(StreamEvent.stopped(reason));
    long latency = Duration.between(begun, clock.instant()).toMillis();
    sink.send(StreamEvent.metadata(countTokens(prompt), spent, latency));
  }

  private record Speech(List<StreamEvent> events, String stopReason) {}

  private Speech speech(Prompt prompt) {
    List<Prompt.Tool> called = prompt.toolsToCall();
    String sentence = label + " " + (called.isEmpty() ? echoed(prompt) : calling(called));
    int end = firstStop(sentence, prompt.sampling().stopSequences());
    List<StreamEvent> events = new ArrayList<>();
    words(sentence.substring(0, end)).forEach(word -> events.add(StreamEvent.text(0, word)));
    if (!events.isEmpty()) {
      events.add(StreamEvent.blockStopped(0));
    }
    if (end < sentence.length()) {
      return new Speech(events, "stop_sequence");
    }
    for (int i = 0; i < called.size(); i++) {
      call(called.get(i), i + 1, prompt.turns().size(), events);
    }
    return new Speech(events, called.isEmpty() ? "end_turn" : "tool_use");
  }

  private static void call(Prompt.Tool tool, int block, int turn, List<StreamEvent> events) {
    String id = "tooluse_" + turn + "_" + block;
    events.add(StreamEvent.toolStarted(block, id, tool.name()));
    pieces(ARGUMENT_PIECE, SchemaExample.of(tool.schema()).toString())
        .forEach(piece -> events.add(StreamEvent.toolInput(block, piece)));
    events.add(StreamEvent.blockStopped(block));
  }

  private static String echoed(Prompt prompt) {
    List<String> words = words(prompt.lastUserText());
    return String.join("", words.subList(0, Math.min(ECHOED_WORDS, words.size()))).strip();
  }

  private static String calling(List<Prompt.Tool> tools) {
    return "calling "
        + tools.stream().map(Prompt.Tool::name).collect(Collectors.joining(", "))
        + ".";
  }

  private static int firstStop(String text, List<String> stops) {
    return stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(text.length());
  }

  private static List<String> words(String text) {
    return pieces(WORD, text);
  }

  private static List<String> pieces(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
