package dev.weir.inference.bedrock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * One answer in both of Bedrock's forms, as its API reference describes them.
 *
 * @param format the request's {@code response_format}, or "null"
 * @param frames the frames of ConverseStream
 * @param reply the reply of Converse
 */
record Fixture(String name, String format, List<byte[]> frames, String reply) {

  static final Fixture TEXT =
      new Fixture(
          "text",
          "null",
          List.of(
              event("messageStart", "{'role':'assistant','p':'abcdefgh'}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'Grüß '}}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':''}}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'dich 😀'}}"),
              event("contentBlockStop", "{'contentBlockIndex':0}"),
              event("messageStop", "{'stopReason':'end_turn'}"),
              event(
                  "metadata",
                  "{'usage':{'inputTokens':11,'outputTokens':7,'totalTokens':18},"
                      + "'metrics':{'latencyMs':5}}")),
          json(
              "{'output':{'message':{'role':'assistant','content':[{'text':'Grüß dich 😀'}]}},"
                  + "'stopReason':'end_turn','usage':{'inputTokens':11,'outputTokens':7,"
                  + "'totalTokens':18},'metrics':{'latencyMs':5}}"));

  static final Fixture REASONING =
      new Fixture(
          "reasoning",
          "null",
          List.of(
              event("messageStart", "{'role':'assistant'}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':0,'delta':{'reasoningContent':{'text':'Let me '}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':0,'delta':{'reasoningContent':{'text':'think.'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':0,'delta':{'reasoningContent':{'signature':'c2ln'}}}"),
              event("contentBlockStop", "{'contentBlockIndex':0}"),
              event("contentBlockDelta", "{'contentBlockIndex':1,'delta':{'text':'42'}}"),
              event("contentBlockStop", "{'contentBlockIndex':1}"),
              event("messageStop", "{'stopReason':'stop_sequence'}"),
              event(
                  "metadata",
                  "{'usage':{'inputTokens':3,'outputTokens':9,'totalTokens':12},"
                      + "'metrics':{'latencyMs':5}}")),
          json(
              "{'output':{'message':{'role':'assistant','content':[{'reasoningContent':"
                  + "{'reasoningText':{'text':'Let me think.','signature':'c2ln'}}},"
                  + "{'text':'42'}]}},'stopReason':'stop_sequence','usage':{'inputTokens':3,"
                  + "'outputTokens':9,'totalTokens':12},'metrics':{'latencyMs':5}}"));

  static final Fixture TWO_TOOLS =
      new Fixture(
          "two tools at blocks 1 and 2, interleaved, one without arguments at 3",
          "null",
          List.of(
              event("messageStart", "{'role':'assistant'}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'I look.'}}"),
              event("contentBlockStop", "{'contentBlockIndex':0}"),
              event(
                  "contentBlockStart",
                  "{'contentBlockIndex':1,'start':{'toolUse':{'toolUseId':'t1','name':'f'}}}"),
              event(
                  "contentBlockStart",
                  "{'contentBlockIndex':2,'start':{'toolUse':{'toolUseId':'t2','name':'g'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':2,'delta':{'toolUse':{'input':'{\\'b\\':'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':1,'delta':{'toolUse':{'input':'{\\'a\\':1}'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':2,'delta':{'toolUse':{'input':'[2.50]}'}}}"),
              event("contentBlockStop", "{'contentBlockIndex':1}"),
              event("contentBlockStop", "{'contentBlockIndex':2}"),
              event(
                  "contentBlockStart",
                  "{'contentBlockIndex':3,'start':{'toolUse':{'toolUseId':'t3','name':'h'}}}"),
              event(
                  "contentBlockDelta", "{'contentBlockIndex':3,'delta':{'toolUse':{'input':''}}}"),
              event("contentBlockStop", "{'contentBlockIndex':3}"),
              event("messageStop", "{'stopReason':'tool_use'}"),
              event(
                  "metadata",
                  "{'usage':{'inputTokens':0,'outputTokens':0,'totalTokens':0},"
                      + "'metrics':{'latencyMs':5}}")),
          json(
              "{'output':{'message':{'role':'assistant','content':[{'text':'I look.'},"
                  + "{'toolUse':{'toolUseId':'t1','name':'f','input':{'a':1}}},"
                  + "{'toolUse':{'toolUseId':'t2','name':'g','input':{'b':[2.50]}}},"
                  + "{'toolUse':{'toolUseId':'t3','name':'h','input':{}}}]}},"
                  + "'stopReason':'tool_use','usage':{'inputTokens':0,'outputTokens':0,"
                  + "'totalTokens':0},'metrics':{'latencyMs':5}}"));

  static final Fixture JSON_SCHEMA =
      new Fixture(
          "json schema by a forced tool",
          "{'type':'json_schema','json_schema':{'name':'city','schema':{'type':'object'}}}",
          List.of(
              event("messageStart", "{'role':'assistant'}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'Here it is:'}}"),
              event("contentBlockStop", "{'contentBlockIndex':0}"),
              event(
                  "contentBlockStart",
                  "{'contentBlockIndex':1,'start':{'toolUse':{'toolUseId':'t1',"
                      + "'name':'json_answer'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':1,'delta':{'toolUse':{'input':'{\\'city\\':'}}}"),
              event(
                  "contentBlockDelta",
                  "{'contentBlockIndex':1,'delta':{'toolUse':{'input':'\\'Bern\\'}'}}}"),
              event("contentBlockStop", "{'contentBlockIndex':1}"),
              event("messageStop", "{'stopReason':'tool_use'}"),
              event(
                  "metadata",
                  "{'usage':{'inputTokens':5,'outputTokens':6,'totalTokens':11},"
                      + "'metrics':{'latencyMs':5}}")),
          json(
              "{'output':{'message':{'role':'assistant','content':[{'text':'Here it is:'},"
                  + "{'toolUse':{'toolUseId':'t1','name':'json_answer',"
                  + "'input':{'city':'Bern'}}}]}},'stopReason':'tool_use',"
                  + "'usage':{'inputTokens':5,'outputTokens':6,'totalTokens':11},"
                  + "'metrics':{'latencyMs':5}}"));

  static final Fixture CACHED =
      new Fixture(
          "cached usage, split by lifetime",
          "null",
          List.of(
              event("messageStart", "{'role':'assistant'}"),
              event("contentBlockDelta", "{'contentBlockIndex':0,'delta':{'text':'ok'}}"),
              event("contentBlockStop", "{'contentBlockIndex':0}"),
              event("messageStop", "{'stopReason':'max_tokens'}"),
              event(
                  "metadata",
                  "{'usage':{'inputTokens':10,'outputTokens':2,'totalTokens':142,"
                      + "'cacheReadInputTokens':100,'cacheWriteInputTokens':30,"
                      + "'cacheDetails':[{'ttl':'1h','inputTokens':20},"
                      + "{'ttl':'5m','inputTokens':10}]},'metrics':{'latencyMs':5}}")),
          json(
              "{'output':{'message':{'role':'assistant','content':[{'text':'ok'}]}},"
                  + "'stopReason':'max_tokens','usage':{'inputTokens':10,'outputTokens':2,"
                  + "'totalTokens':142,'cacheReadInputTokens':100,'cacheWriteInputTokens':30,"
                  + "'cacheDetails':[{'ttl':'1h','inputTokens':20},"
                  + "{'ttl':'5m','inputTokens':10}]},'metrics':{'latencyMs':5}}"));

  static Stream<Fixture> all() {
    return Stream.of(TEXT, REASONING, TWO_TOOLS, JSON_SCHEMA, CACHED);
  }

  /** All frames, one after the other. */
  byte[] stream() {
    return joined(frames);
  }

  static byte[] joined(List<byte[]> frames) {
    int length = frames.stream().mapToInt(frame -> frame.length).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    frames.forEach(all::put);
    return all.array();
  }

  static byte[] event(String type, String payload) {
    return frame(
        Map.of(":message-type", "event", ":event-type", type, ":content-type", "application/json"),
        json(payload));
  }

  static byte[] exception(String type) {
    return frame(
        Map.of(
            ":message-type",
            "exception",
            ":exception-type",
            type,
            ":content-type",
            "application/json"),
        json("{'message':'you wrote: canary'}"));
  }

  static byte[] frame(Map<String, String> headers, String payload) {
    Map<String, HeaderValue> values = new LinkedHashMap<>();
    headers.forEach((name, value) -> values.put(name, HeaderValue.fromString(value)));
    ByteBuffer encoded =
        new Message(values, payload.getBytes(StandardCharsets.UTF_8)).toByteBuffer();
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }

  /** Turns single quotes into JSON's, and escaped ones into quotes within a string. */
  static String json(String text) {
    return text.replace("\\'", "\\\"").replace('\'', '"');
  }

  static byte[] prefix(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @Override
  public String toString() {
    return name;
  }
}
