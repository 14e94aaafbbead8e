package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.sampler.Solver;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The reference has no trajectory of dopri5, whose steps move with rounding. Its result on a model
 * is compared with that of the fourth-order method with steps so fine that it counts as exact.
 */
@ExtendWith(ExportedModels.class)
class AdaptiveSolverTest {

  @Test
  void dopri5EndsWhereFineStepsEnd(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      HostTensor adaptive = latents(open, Solver.DOPRI5, 3);
      HostTensor fine = latents(open, Solver.RK4, 200);
      HostTensor coarse = latents(open, Solver.EULER, 8);
      float difference = Tensors.largestDifference(fine, adaptive);
      float ofEuler = Tensors.largestDifference(fine, coarse);
      assertTrue(difference < 0.02f, "max abs difference " + difference);
      assertTrue(ofEuler > 5 * difference, difference + " is not much better than " + ofEuler);
    }
  }

  private static HostTensor latents(OpenBackend open, Solver solver, int steps) {
    return new TextToImage(open.model())
        .generate(
            TextToImageRequest.builder("a big red circle on a white background.")
                .seed(7)
                .solver(solver)
                .steps(steps)
                .guidanceScale(3)
                .build())
        .latents();
  }
}
