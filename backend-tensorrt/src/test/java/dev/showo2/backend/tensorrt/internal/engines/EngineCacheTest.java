package dev.showo2.backend.tensorrt.internal.engines;

import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.expected;
import static dev.showo2.backend.tensorrt.internal.engines.CacheFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.tensorrt.internal.device.ComputePrecision;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder.BuildOptions;
import dev.showo2.error.BackendException;
import dev.showo2.natives.internal.Seal;
import dev.showo2.spi.BackendConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The plans that the cache keeps, and those that it has built anew. */
class EngineCacheTest {

  @TempDir Path folder;
  private CacheFixture fixture;

  @BeforeEach
  void setUp() throws IOException {
    fixture = CacheFixture.in(folder);
  }

  /** Changes the file of a plan, which is to be built anew then, and well. */
  private void rebuilt(FileChange change) throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    try (EngineCache cache = fixture.open()) {
      assertEquals(expected(request), text(cache, request));
      change.apply(fixture.plan(request));
      assertEquals(expected(request), text(cache, request));
      assertEquals(expected(request), text(cache, request));
    }
    assertEquals(2, fixture.builds().size(), "the second build is kept");
  }

  private interface FileChange {
    void apply(Path plan) throws IOException;
  }

  private static void overwrite(Path file, long position, int value) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), position);
    }
  }

  @Test
  void aPlanIsBuiltOnceAndFoundByLaterOpenings() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    List<String> progress = new ArrayList<>();
    try (EngineCache cache = fixture.open();
        CachedPlan plan = cache.plan(request, progress::add, () -> false)) {
      assertEquals(expected(request), text(plan));
      assertTrue(plan.parts().get(0).isDirect());
    }
    assertEquals(List.of("building an engine of a.onnx", "testing kernels of a.onnx"), progress);
    try (EngineCache cache = fixture.open()) {
      assertEquals(expected(request), text(cache, request));
    }
    assertEquals(List.of("a.onnx"), fixture.builds());
    assertEquals(List.of(), fixture.files(".build-"));
  }

  @Test
  void whateverAPlanDependsOnIsPartOfItsKey() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    Map<String, String> weights = Map.of("a.onnx", request.hashes().get("a.onnx"), "weights", "01");
    EngineSpec spec = request.spec();
    EngineSpec fewer = new EngineSpec(spec.graph(), List.of("hidden"), spec.profiles());
    EngineSpec twice =
        new EngineSpec(
            spec.graph(), spec.outputs(), List.of(spec.profiles().get(0), spec.profiles().get(0)));
    BuildOptions options =
        new BuildOptions(3, 1 << 20, false, true, ComputePrecision.BUNDLE, false);
    List<String> keys = new ArrayList<>(List.of(request.key()));
    keys.add(fixture.request("a.onnx", "TensorRT 11.3").key());
    keys.add(fixture.request("b.onnx").key());
    keys.add(with(request, spec, request.options(), weights).key());
    keys.add(with(request, fewer, request.options(), request.hashes()).key());
    keys.add(with(request, twice, request.options(), request.hashes()).key());
    keys.add(with(request, spec, options, request.hashes()).key());
    BuildOptions rounded = new BuildOptions(3, 1 << 20, false, false, ComputePrecision.BF16, false);
    keys.add(with(request, spec, rounded, request.hashes()).key());
    BuildOptions tf32 = new BuildOptions(3, 1 << 20, false, false, ComputePrecision.BUNDLE, true);
    keys.add(with(request, spec, tf32, request.hashes()).key());
    assertEquals(keys.size(), keys.stream().distinct().count());
    EngineSpec moved =
        new EngineSpec(Path.of("/elsewhere/a.onnx"), spec.outputs(), spec.profiles());
    assertEquals(request.key(), with(request, moved, request.options(), request.hashes()).key());
  }

  private static EngineRequest with(
      EngineRequest request, EngineSpec spec, BuildOptions options, Map<String, String> hashes) {
    return new EngineRequest(
        spec, options, 1, request.platform(), request.builder(), hashes, Optional.empty());
  }

  @Test
  void changedWeightsOptionsAndPlatformsAreBuiltBesideTheOthers() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    EngineRequest refittable =
        with(
            request,
            request.spec(),
            new BuildOptions(3, 0, false, true, ComputePrecision.BUNDLE, false),
            request.hashes());
    EngineRequest weights =
        with(
            request,
            request.spec(),
            request.options(),
            Map.of("a.onnx", request.hashes().get("a.onnx"), "weights", "01"));
    List<EngineRequest> all =
        List.of(request, refittable, weights, fixture.request("a.onnx", "TensorRT 11.3"));
    try (EngineCache cache = fixture.open()) {
      for (int round = 0; round < 2; round++) {
        for (EngineRequest each : all) {
          assertEquals(expected(each), text(cache, each));
        }
      }
    }
    assertEquals(all.size(), fixture.builds().size());
    assertEquals(all.size(), fixture.files(".plan").size());
  }

  @Test
  void aRequestWithoutTheHashOfItsGraphIsRefused() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> with(request, request.spec(), request.options(), Map.of("weights", "00")))
            .getMessage();
    assertEquals("the hash of a.onnx was expected, found those of [weights]", message);
  }

  @Test
  void aTruncatedPlanIsBuiltAnew() throws IOException {
    rebuilt(
        plan -> {
          try (FileChannel channel = FileChannel.open(plan, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
          }
        });
  }

  @Test
  void anEmptyPlanIsBuiltAnew() throws IOException {
    rebuilt(plan -> Files.write(plan, new byte[0]));
  }

  @Test
  void aPlanWithAChangedByteIsBuiltAnew() throws IOException {
    rebuilt(plan -> overwrite(plan, 0, 0xff));
  }

  @Test
  void aPlanOfAnotherFormatIsBuiltAnew() throws IOException {
    // The last byte of the format, behind the content and the magic number.
    rebuilt(plan -> overwrite(plan, Files.size(plan) - Seal.BYTES + 11, Seal.FORMAT + 1));
  }

  @Test
  void aPlanUnderTheNameOfAnotherIsBuiltAnew() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    EngineRequest other = fixture.request("b.onnx");
    try (EngineCache cache = fixture.open()) {
      text(cache, request);
      text(cache, other);
      Files.copy(fixture.plan(other), fixture.plan(request), StandardCopyOption.REPLACE_EXISTING);
      assertEquals(expected(request), text(cache, request));
      assertEquals(expected(other), text(cache, other));
    }
    assertEquals(3, fixture.builds().size());
  }

  @Test
  void aLinkIsReplacedAndWhereItLeadsIsLeftAlone() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "of somebody else");
    rebuilt(
        plan -> {
          Files.delete(plan);
          Files.createSymbolicLink(plan, target);
        });
    assertEquals("of somebody else", Files.readString(target));
  }

  @Test
  void aPlanThatAnotherCacheHasBuiltIsBuiltAnew() throws IOException {
    CacheFixture other = new CacheFixture(fixture.bundle(), folder.resolve("other"));
    EngineRequest request = fixture.request("a.onnx");
    try (EngineCache foreign = other.open();
        EngineCache cache = fixture.open()) {
      text(foreign, request);
      Files.copy(other.plan(request), fixture.plan(request));
      assertEquals(expected(request), text(cache, request));
    }
    assertEquals(2, fixture.builds().size());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // Knows no such permissions.
  void aSecretThatOthersCouldReadIsReplacedWithAllPlans() throws IOException {
    EngineRequest request = fixture.request("a.onnx");
    try (EngineCache cache = fixture.open()) {
      text(cache, request);
    }
    Path secret = fixture.directory().resolve(Seal.SECRET);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    byte[] first = Files.readAllBytes(secret);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
    try (EngineCache cache = fixture.open()) {
      assertEquals(expected(request), text(cache, request));
    }
    assertFalse(Arrays.equals(first, Files.readAllBytes(secret)));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
    assertEquals(2, fixture.builds().size());
  }

  @Test
  void timingsAreKeptForThePlatform() throws IOException {
    try (EngineCache cache = fixture.open()) {
      text(cache, fixture.request("a.onnx"));
      text(cache, fixture.request("b.onnx"));
      text(cache, fixture.request("c.onnx", "TensorRT 11.3"));
      text(cache, fixture.request("d.onnx"));
    }
    assertEquals(
        List.of("a.onnx", "b.onnx a.onnx", "c.onnx", "d.onnx a.onnx b.onnx"), fixture.builds());
  }

  @Test
  void timingsThatWereChangedAreLeftOut() throws IOException {
    try (EngineCache cache = fixture.open()) {
      text(cache, fixture.request("a.onnx"));
      overwrite(fixture.directory().resolve(fixture.files(".timings").get(0)), 0, 'x');
      text(cache, fixture.request("b.onnx"));
    }
    assertEquals(List.of("a.onnx", "b.onnx"), fixture.builds());
  }

  @Test
  void aFolderThatIsNoneIsRefusedWithWhatToDo() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String message =
        assertThrows(BackendException.class, () -> EngineCache.open(file, 1)).getMessage();
    assertTrue(message.startsWith("engines cannot be kept in " + file + " ("), message);
    assertTrue(
        message.endsWith(
            "); name a folder that this user can write to and others cannot, with"
                + " BackendConfig.cacheDirectory or the environment variable SHOWO2_CACHE"),
        message);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // Knows no such permissions.
  void aFolderThatOthersMayWriteToIsRefused() throws IOException {
    Files.createDirectories(fixture.directory());
    Files.setPosixFilePermissions(
        fixture.directory(), PosixFilePermissions.fromString("rwxrwx---"));
    String message = assertThrows(BackendException.class, fixture::open).getMessage();
    assertTrue(message.contains("other users may write to it"), message);
  }

  @Test
  void theFolderIsPartOfTheConfiguredOne() {
    BackendConfig config = BackendConfig.builder().cacheDirectory(folder).build();
    assertEquals(folder.resolve("tensorrt"), EngineCache.directory(config.cacheDirectory()));
    assertTrue(EngineCache.directory(BackendConfig.defaults().cacheDirectory()).isAbsolute());
  }
}
