package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.BundleCopy;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleManifest;
import dev.showo2.model.Integrity;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Checks of: the description of a provider, and the stages that its backend offers.
 */
final class ProviderChecks {

  private static final String SERVICE_FILE = "META-INF/services/" + BackendProvider.class.getName();

  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private ProviderChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R01, "found by its id", ProviderChecks::r01FoundById),
        Check.of(Rule.R01, "info", ProviderChecks::r01Info),
        Check.of(Rule.R01, "probe", ProviderChecks::r01Probe),
        Check.of(
            Rule.R02,
            "stages",
            (context, checks) -> r02Stages(context.backend(), context.bundle(), checks)),
        Check.of(Rule.R02, "bundle without graphs", ProviderChecks::r02WithoutGraphs));
  }

  private static void r01FoundById(CheckContext context, Checks checks) {
    BackendProvider provider = context.provider();
    String id = provider.id();
    checks.require(
        "id",
        id != null && ID.matcher(id).matches(),
        "is '"
            + id
            + "', expected up to 32 lower-case letters, digits and hyphens that begin with a"
            + " letter");
    Class<?> type = provider.getClass();
    checks.require(
        "constructor",
        Modifier.isPublic(type.getModifiers())
            && Arrays.stream(type.getConstructors())
                .anyMatch(constructor -> constructor.getParameterCount() == 0),
        type.getName() + " needs to be public and have a public constructor without arguments");
    Backends backends = Backends.find();
    Optional<String> holder =
        backends.candidates().stream()
            .filter(candidate -> candidate.id().equals(id))
            .map(candidate -> candidate.provider().getClass().getName())
            .findFirst();
    checks.require(
        "service",
        holder.equals(Optional.of(type.getName())),
        holder
                .map(other -> "the id '" + id + "' belongs to " + other)
                .orElse("ServiceLoader finds no backend '" + id + "'")
            + "; "
            + SERVICE_FILE
            + " in the backend's jar has to name "
            + type.getName()
            + (backends.broken().isEmpty() ? "" : "; " + String.join(", ", backends.broken())));
  }

  private static void r01Info(CheckContext context, Checks checks) {
    BackendInfo info = context.provider().info();
    checks.require("info", info != null, "is null");
    if (info != null) {
      checks.require("name", !info.name().isBlank(), "is blank; people choose backends by it");
      checks.require(
          "version", !info.version().isBlank(), "is blank; say which version of the engine runs");
      checks.require(
          "info when asked again",
          info.equals(context.provider().info()),
          "is not the same as before");
    }
  }

  private static void r01Probe(CheckContext context, Checks checks) {
    try {
      Availability first = context.provider().probe();
      Availability again = context.provider().probe();
      checks.require("probe", first != null, "is null");
      checks.require(
          "probe when asked again",
          first == null || first.equals(again),
          "was " + first + " and is " + again + " on the same machine");
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      checks.require(
          "probe",
          false,
          "threw "
              + e
              + "; what keeps the backend from running is a reason in Availability.unusable");
    }
  }

  /** A backend that runs the graphs of a bundle has no stages then; others have theirs. */
  private static void r02WithoutGraphs(CheckContext context, Checks checks) throws IOException {
    try (BundleCopy copy = BundleCopy.of(context.bundle())) {
      BundleManifest all = context.bundle().manifest();
      BundleManifest none =
          new BundleManifest(
              all.name(),
              all.precision(),
              all.architecture(),
              all.specialTokens(),
              all.defaults(),
              all.files(),
              List.of());
      Files.writeString(copy.path().resolve(BundleManifest.FILE_NAME), none.toJson());
      Bundle bundle = Bundle.open(copy.path(), Integrity.SIZES);
      try (Backend backend = context.provider().open(bundle, context.config())) {
        r02Stages(backend, bundle, checks);
      }
    }
  }

  private static void r02Stages(Backend backend, Bundle bundle, Checks checks) {
    for (Accessor accessor : Accessor.ALL) {
      if (accessor.isPresent(backend)) {
        checks.require(
            accessor.name(),
            accessor.call().apply(backend) != null,
            "is null, although the capabilities name " + accessor.subject());
      } else {
        absent(checks, accessor.name(), accessor.subject(), () -> accessor.call().apply(backend));
      }
    }
    forms(backend, bundle, checks);
  }

  /** Features of stages that are there. */
  private static void forms(Backend backend, Bundle bundle, Checks checks) {
    for (TensorCall call : ImageCalls.of(bundle.architecture())) {
      boolean offered =
          Accessor.ALL.stream()
              .anyMatch(each -> each.forms().contains(call.stage()) && each.isPresent(backend));
      if (offered && !backend.capabilities().supports(call.stage())) {
        absent(checks, call.name(), call.stage().id(), () -> call.withArgument().values(backend));
      }
    }
  }

  private static void absent(Checks checks, String name, String stage, Callable<?> call) {
    new Refusals(
            checks,
            UnsupportedFeatureException.class,
            "the capabilities do not name " + stage + ", so say in the message that it is missing")
        .of(name, stage, call);
  }

  /**
   * An accessor of a backend.
   *
   * @param stages of which one suffices for it to give a stage
   * @param forms what the stage may lack nevertheless
   */
  private record Accessor(
      String name, Set<Stage> stages, Set<Stage> forms, Function<Backend, Object> call) {

    static final List<Accessor> ALL =
        List.of(
            of("textEmbedding", Backend::textEmbedding, Stage.TEXT_EMBEDDING),
            of("timeEmbedding", Backend::timeEmbedding, Stage.TIME_EMBEDDING),
            new Accessor(
                "fusion", Set.of(Stage.FUSION), Set.of(Stage.FUSION_RESIZE), Backend::fusion),
            of("backbone", Backend::backbone, Stage.BACKBONE),
            of("languageHead", Backend::languageHead, Stage.LANGUAGE_HEAD),
            of("flowHead", Backend::flowHead, Stage.FLOW_HEAD),
            of("vaeEncoder", Backend::vaeEncoder, Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER),
            of(
                "vaeDecoder",
                Backend::vaeDecoder,
                Stage.VAE_IMAGE_DECODER,
                Stage.VAE_VIDEO_DECODER));

    private static Accessor of(String name, Function<Backend, Object> call, Stage... stages) {
      return new Accessor(name, Set.of(stages), Set.of(stages), call);
    }

    /** The name in messages on its absence. */
    String subject() {
      return stages.size() == 1 ? stages.iterator().next().id() : "vae";
    }

    boolean isPresent(Backend backend) {
      return stages.stream().anyMatch(backend.capabilities()::supports);
    }
  }
}
