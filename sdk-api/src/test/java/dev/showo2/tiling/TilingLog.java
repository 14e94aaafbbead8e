package dev.showo2.tiling;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps what is logged, instead of letting it out among the reports of the tests. */
final class TilingLog extends Handler
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

  private final Logger logger = Logger.getLogger(TilingRun.class.getName());
  private final List<String> messages = new ArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    messages.clear();
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }

  List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == TilingLog.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return this;
  }

  @Override
  public void publish(LogRecord record) {
    messages.add(record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
