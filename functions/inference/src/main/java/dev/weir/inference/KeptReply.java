package dev.weir.inference;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A reply as it is kept for an idempotency key. */
@SuppressWarnings("ArrayRecordComponent") // a body on its way, never compared
record KeptReply(int status, String contentType, Map<String, String> headers, byte[] body) {

  /** Reads what {@link #bytes} has written; empty when it is something else. */
  static Optional<KeptReply> read(byte[] kept) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(kept))) {
      int status = in.readShort();
      String contentType = in.readUTF();
      Map<String, String> headers = new LinkedHashMap<>();
      for (int left = in.readByte(); left > 0; left--) {
        headers.put(in.readUTF(), in.readUTF());
      }
      return Optional.of(new KeptReply(status, contentType, headers, in.readAllBytes()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(status);
      out.writeUTF(contentType);
      out.writeByte(headers.size());
      for (Map.Entry<String, String> header : headers.entrySet()) {
        out.writeUTF(header.getKey());
        out.writeUTF(header.getValue());
      }
      out.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
