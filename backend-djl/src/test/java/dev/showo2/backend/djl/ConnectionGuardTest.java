package dev.showo2.backend.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.util.Ec2Utils;
import java.net.Proxy;
import java.net.URL;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionGuardTest {

  @Test
  void urlConnectionIsRefusedAndNoted() throws Exception {
    URL url = new URL("http://127.0.0.1:9/");
    assertThrows(
        IllegalStateException.class, () -> url.openConnection(Proxy.NO_PROXY).getInputStream());
    List<String> tried = ConnectionGuard.tried();
    assertEquals(1, tried.size(), tried.toString());
    assertEquals(List.of(), ConnectionGuard.tried());
  }

  /** What the guard is for; nothing calls it where DJL is offline. */
  @Test
  void reportOfDjlIsNoted() {
    assertThrows(IllegalStateException.class, () -> Ec2Utils.readMetadata("instance-id"));
    assertTrue(ConnectionGuard.tried().toString().contains("ai.djl.util.Ec2Utils"));
  }
}
