package dev.weir.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.http.Endpoint;
import dev.weir.store.ObjectReader;
import dev.weir.store.ObjectReader.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class FileBucketTest {

  @TempDir private Path folder;

  @Test
  void objects_are_listed_by_prefix_and_read_by_what_the_functions_use() throws IOException {
    Path bucket = Files.createDirectories(folder.resolve("b/p/q"));
    Files.writeString(bucket.resolve("a&b.txt"), "content");
    Files.writeString(bucket.resolve("a&b.txt.type"), "text/plain");
    Files.writeString(folder.resolve("b/other.txt"), "other");
    try (FileBucket files = new FileBucket(folder)) {
      ObjectReader reader =
          new ObjectReader(
              "b",
              new Endpoint(files.url(), "us-east-1"),
              StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")));

      String version =
          Long.toString(Files.getLastModifiedTime(bucket.resolve("a&b.txt")).toMillis());
      assertThat(reader.list("p/", 10)).containsExactly(new Entry("p/q/a&b.txt", 7, version));
      assertThat(reader.list("x/", 10)).isEmpty();
      try (var in = reader.open("other.txt")) {
        assertThat(in.readAllBytes()).asString().isEqualTo("other");
      }
    }
  }
}
