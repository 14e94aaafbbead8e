package dev.showo2.conformance.reference;

import dev.showo2.conformance.Fixtures;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the reference checkpoints as bundles; each is exported once for all tests. */
public final class ExportedModels implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Models.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.create(ExportedModels.class))
        .getOrComputeIfAbsent(Models.class, type -> Models.create(), Models.class);
  }

  /** The reference checkpoints and their bundles. */
  public record Models(Fixtures fixtures, Path folder, Map<String, Bundle> bundles)
      implements AutoCloseable {

    static Models create() {
      try {
        return new Models(
            Fixtures.open(), Files.createTempDirectory("showo2-models"), new ConcurrentHashMap<>());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Path fixture(String name) {
      return fixtures.path(name);
    }

    public Bundle bundle(String checkpoint) {
      return bundles.computeIfAbsent(checkpoint, this::export);
    }

    private Bundle export(String checkpoint) {
      Path target = folder.resolve(checkpoint);
      try {
        ModelExporter.export(ExportRequest.of(fixture(checkpoint), target), ExportListener.NONE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Bundle.open(target);
    }

    @Override
    public void close() throws IOException {
      try (fixtures;
          Stream<Path> files = Files.walk(folder)) {
        List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : deepestFirst) {
          Files.delete(file);
        }
      }
    }
  }
}
