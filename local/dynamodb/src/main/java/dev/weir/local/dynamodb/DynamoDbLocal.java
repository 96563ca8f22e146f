package dev.weir.local.dynamodb;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.Server;

/**
 * DynamoDB Local in memory on 127.0.0.1.
 *
 * <p>Argument: the port, 0 (the default) for any. Prints {@code READY http://127.0.0.1:PORT} once
 * it answers, and ends when its standard input closes or on SIGTERM. One data set for all Regions
 * and credentials. The licence of DynamoDB Local allows development and testing only.
 *
 * <p>It starts Jetty itself because DynamoDB Local's own runner binds every interface and reports
 * its start to AWS.
 */
public final class DynamoDbLocal {

  private DynamoDbLocal() {}

  public static void main(String[] args) throws Exception {
    int port = args.length == 0 ? 0 : Integer.parseInt(args[0]);
    quieten();
    Server server = new Server(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
    server.setHandler(
        new LocalDynamoDBServerHandler(
            new LocalDynamoDBRequestHandler(0, true, null, true, false), null));
    server.start();
    System.out.println("READY " + address(server));
    awaitEndOfInput();
    // DynamoDB Local leaves threads behind that would keep the process alive.
    System.exit(0);
  }

  private static String address(Server server) {
    return "http://127.0.0.1:" + server.getURI().getPort();
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // Whatever is typed is ignored; only the end counts.
    }
  }

  private static void quieten() {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    Logger.getLogger("com.almworks.sqlite4java").setLevel(Level.WARNING);
  }
}
