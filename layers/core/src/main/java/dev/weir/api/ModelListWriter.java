package dev.weir.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Writes the replies of {@code GET /v1/models} and {@code GET /v1/models/{id}}. */
public final class ModelListWriter {
  private ModelListWriter() {}

  public static byte[] bytes(List<ModelCard> models) {
    return JsonBytes.object(json -> {
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (ModelCard model : models) {
        json.writeStartObject();
        write(json, model);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  public static byte[] bytes(ModelCard model) {
    return JsonBytes.object(json -> write(json, model));
  }

  private static void write(JsonGenerator json, ModelCard model) throws IOException {
    json.writeStringField("id", model.id());
    json.writeStringField("object", "model");
    json.writeNumberField("created", model.created());
    json.writeStringField("owned_by", model.ownedBy());
  }
}
