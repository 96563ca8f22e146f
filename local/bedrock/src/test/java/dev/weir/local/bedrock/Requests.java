package dev.weir.local.bedrock;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

/** Pieces of requests. */
final class Requests {
  static final Message HELLO = user("Hello there");

  private Requests() {}

  static Message user(String text) {
    return Message.builder()
        .role(ConversationRole.USER)
        .content(ContentBlock.fromText(text))
        .build();
  }

  /** Tools that each take a city. */
  static ToolConfiguration tools(String... names) {
    Document text = Document.fromMap(Map.of("type", Document.fromString("string")));
    Document schema =
        Document.fromMap(
            Map.of(
                "type", Document.fromString("object"),
                "properties", Document.fromMap(Map.of("city", text)),
                "required", Document.fromList(List.of(Document.fromString("city")))));
    return ToolConfiguration.builder()
        .tools(
            List.of(names).stream()
                .map(name ->
                    Tool.fromToolSpec(
                        spec -> spec.name(name).inputSchema(json -> json.json(schema))))
                .toList())
        .build();
  }
}
