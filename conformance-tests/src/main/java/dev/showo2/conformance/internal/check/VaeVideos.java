package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Videos through the streams: longer than the goldens, of other sizes, and as images begin. */
final class VaeVideos {

  private static final int CHUNKS = 4;
  private static final int ROWS = 3;
  private static final int COLUMNS = 2;

  private VaeVideos() {}

  static List<Check> checks() {
    return List.of(
        Check.of(
            Rule.V03,
            "13-frames-of-another-size",
            (trial, checks) ->
                against(
                    Coding.ENCODE,
                    "look at what the stream keeps: of every causal convolution the last two frames"
                        + " that went in; of every temporal stride the last frame after the"
                        + " spatial step, which the first chunk leaves there without being"
                        + " convolved",
                    trial,
                    checks),
            Stage.VAE_VIDEO_ENCODER),
        Check.of(
            Rule.V05,
            "4-latent-frames-of-another-size",
            (trial, checks) ->
                against(
                    Coding.DECODE,
                    "look at what the stream keeps: of every causal convolution the last two frames"
                        + " that went in; the temporal doubling neither convolves nor remembers"
                        + " the first latent frame, so its past is zeros at the second",
                    trial,
                    checks),
            Stage.VAE_VIDEO_DECODER),
        firstFrame(Coding.ENCODE),
        firstFrame(Coding.DECODE));
  }

  private static void against(Coding coding, String hint, CheckContext trial, Checks checks) {
    checks.hint(hint);
    List<HostTensor> chunks = coding.video(1, 1, CHUNKS, ROWS, COLUMNS);
    List<HostTensor> actual = coding.video(trial.backend(), chunks);
    List<HostTensor> expected = coding.video(trial.reference(), chunks);
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      coding.compare(checks, "chunk " + chunk, actual.get(chunk), expected.get(chunk));
    }
  }

  private static Check firstFrame(Coding coding) {
    return Check.of(
        Rule.V07,
        coding.verb() + " a first frame",
        (trial, checks) -> firstFrame(coding, trial, checks),
        coding.imageStage(),
        coding.videoStage());
  }

  private static void firstFrame(Coding coding, CheckContext trial, Checks checks) {
    checks.hint(
        "image and stream differ in the same frame; look at both: before a first frame lie zeros,"
            + " so of each 3-D kernel only the last slice in time counts, and the convolutions"
            + " over time alone are skipped");
    HostTensor frame = coding.input(1, 1, 0, ROWS, COLUMNS);
    try (CodingStream stream = coding.open(trial.backend())) {
      coding.compare(
          checks, "first frame", stream.next(frame), coding.image(trial.backend(), frame));
    }
  }
}
