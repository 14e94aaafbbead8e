package dev.showo2.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.ClassLoaderUtils;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenizerLibraryTest {

  private static final String OFFLINE = "ai.djl.offline";
  private static final String OPT_OUT = "OPT_OUT_TRACKING";

  @AfterEach
  void clear() {
    System.clearProperty(OFFLINE);
    System.clearProperty(OPT_OUT);
  }

  @Test
  void propertiesAreSetDuringTheCallOnly() throws Exception {
    String during =
        TokenizerLibrary.quietly(() -> System.getProperty(OFFLINE) + System.getProperty(OPT_OUT));
    assertEquals("truetrue", during);
    assertFalse(System.getProperties().containsKey(OFFLINE));
    assertFalse(System.getProperties().containsKey(OPT_OUT));
  }

  /** DJL finds its resources with it; on the threads of many pools it sees none of them. */
  @Test
  void contextClassLoaderIsNotThatOfTheThreadDuringTheCall() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader blind = new URLClassLoader(new URL[0], null);
    thread.setContextClassLoader(blind);
    try {
      assertSame(
          HuggingFaceTokenizer.class.getClassLoader(),
          TokenizerLibrary.quietly(ClassLoaderUtils::getContextClassLoader));
      assertSame(blind, thread.getContextClassLoader());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void propertiesAreRemovedAfterAFailure() {
    assertThrows(
        IOException.class,
        () ->
            TokenizerLibrary.quietly(
                () -> {
                  throw new IOException();
                }));
    assertFalse(System.getProperties().containsKey(OFFLINE));
    assertFalse(System.getProperties().containsKey(OPT_OUT));
  }

  @Test
  void valueOfTheUserStays() throws Exception {
    System.setProperty(OFFLINE, "false");
    System.setProperty(OPT_OUT, "true");
    assertEquals("false", TokenizerLibrary.quietly(() -> System.getProperty(OFFLINE)));
    assertEquals("false", System.getProperty(OFFLINE));
    assertEquals("true", System.getProperty(OPT_OUT));
  }

  @Test
  void valueThatTheUserSetsMeanwhileStays() throws Exception {
    assertNull(System.getProperty(OFFLINE));
    TokenizerLibrary.quietly(() -> System.setProperty(OFFLINE, "false"));
    assertEquals("false", System.getProperty(OFFLINE));
  }
}
