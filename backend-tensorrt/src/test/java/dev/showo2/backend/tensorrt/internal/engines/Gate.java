package dev.showo2.backend.tensorrt.internal.engines;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Holds up other processes until a test lets them go on, and sees them end. */
final class Gate implements AutoCloseable {

  private static final String PORT = "port";

  /** Only tests that fail wait as long. */
  private static final int PATIENCE_MILLISECONDS = 120_000;

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

  /**
   * @param folder through which processes find the gate
   */
  Gate(Path folder) throws IOException {
    server.setSoTimeout(PATIENCE_MILLISECONDS);
    Files.writeString(folder.resolve(PORT), String.valueOf(server.getLocalPort()));
  }

  /** Called by the other process; returns when it may go on. */
  static void pass(Path folder) throws IOException {
    int port = Integer.parseInt(Files.readString(folder.resolve(PORT)));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      new DataOutputStream(socket.getOutputStream()).writeLong(ProcessHandle.current().pid());
      if (socket.getInputStream().read() < 0) {
        throw new IOException("the test is over");
      }
    }
  }

  /** A process at the gate. */
  record Visitor(long pid, Socket socket) implements AutoCloseable {

    void open() throws IOException {
      socket.getOutputStream().write(1);
    }

    /** Waits for the end of the process, whose system then closes its connections. */
    boolean ends() throws IOException {
      try {
        return socket.getInputStream().read() < 0;
      } catch (SocketException e) {
        return true; // Reset.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  Visitor await() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(PATIENCE_MILLISECONDS);
    return new Visitor(new DataInputStream(socket.getInputStream()).readLong(), socket);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
