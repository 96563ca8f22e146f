package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.store.InMemoryDynamo;
import dev.weir.tenant.ApiKey;
import dev.weir.tenant.KeyOwner;
import dev.weir.tenant.TenantDirectory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class WeirTest {

  private static final String CATALOG = "../layers/catalog/catalog";

  private final TenantDirectory directory =
      TenantDirectory.of(
          new InMemoryDynamo(Clock.systemUTC()), "tenants", Clock.systemUTC(), new SecureRandom());
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int weir(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Weir.commandLine(table -> directory, new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--table";
    all[arguments.length + 1] = "tenants";
    return line.execute(all);
  }

  @Test
  void a_tenant_is_created_limited_and_shown() {
    assertThat(weir("tenant", "create", "acme", "--rpm", "60", "--day", "5000000")).isZero();
    assertThat(weir("tenant", "show", "acme")).isZero();

    assertThat(out.toString())
        .contains("acme, active")
        .contains("60 per minute")
        .contains("0 of 5000000 micro-USD")
        .contains("0 of unlimited");
  }

  @Test
  void a_key_is_printed_once_and_finds_its_tenant() {
    weir("tenant", "create", "acme");
    assertThat(weir("key", "issue", "acme", "--model", "nova-lite", "--catalog", CATALOG)).isZero();

    String[] printed = out.toString().strip().split(" ", -1);
    assertThat(directory.owner(ApiKey.parse(printed[1]).orElseThrow()))
        .contains(new KeyOwner("acme", printed[0]));
    weir("tenant", "show", "acme");
    assertThat(out.toString()).contains("[nova-lite]").doesNotContain(printed[1]);
  }

  @Test
  void a_model_the_catalog_does_not_have_is_refused_with_those_it_has() {
    weir("tenant", "create", "acme");

    assertThat(weir("key", "issue", "acme", "--model", "nope", "--catalog", CATALOG)).isEqualTo(2);
    assertThat(err.toString()).contains("--model must be one of ", "nova-lite", "not nope");
  }

  @Test
  void an_expiry_in_the_past_is_refused() {
    weir("tenant", "create", "acme");

    assertThat(weir("key", "issue", "acme", "--catalog", CATALOG, "--expires-in", "PT-5S"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--expires-in must be above zero, not PT-5S");
  }

  @Test
  void a_tenants_id_cannot_hold_what_separates_keys() {
    for (String id : new String[] {"bad name", "a/b", "a#b", "", ".a", "x".repeat(65)}) {
      assertThat(weir("tenant", "create", id)).as(id).isEqualTo(1);
    }
    assertThat(err.toString()).contains("a tenant's id is 1 to 64 letters");
  }

  @Test
  void a_revoked_key_is_gone() {
    weir("tenant", "create", "acme");
    weir("key", "issue", "acme", "--catalog", CATALOG);
    String[] printed = out.toString().strip().split(" ", -1);

    assertThat(weir("key", "revoke", "acme", printed[0])).isZero();
    assertThat(weir("key", "revoke", "acme", printed[0])).isEqualTo(1);
    assertThat(directory.owner(ApiKey.parse(printed[1]).orElseThrow())).isEmpty();
  }

  @Test
  void a_limit_that_is_none_is_refused_with_what_is_allowed() {
    assertThat(weir("tenant", "create", "acme", "--rpm", "0")).isEqualTo(2);
    assertThat(err.toString()).contains("--rpm must be an integer above 0, not 0");
    assertThat(directory.tenant("acme")).isEmpty();
  }

  @Test
  void an_unknown_tenant_and_a_second_creation_fail() {
    assertThat(weir("tenant", "suspend", "nobody")).isEqualTo(1);
    assertThat(err.toString()).contains("no tenant nobody");
    weir("tenant", "create", "acme");
    assertThat(weir("tenant", "create", "acme")).isEqualTo(1);
  }
}
