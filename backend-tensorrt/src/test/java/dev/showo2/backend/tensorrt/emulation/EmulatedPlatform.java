package dev.showo2.backend.tensorrt.emulation;

import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Device;
import java.util.concurrent.atomic.AtomicInteger;

/** One emulated GPU. */
public final class EmulatedPlatform implements EnginePlatform {

  private final AtomicInteger launches = new AtomicInteger();

  /** The number of times that a recording was launched. */
  public int launches() {
    return launches.get();
  }

  void launched() {
    launches.incrementAndGet();
  }

  @Override
  public Availability probe() {
    return Availability.usable();
  }

  @Override
  public Device device() {
    return Device.parse("emulated-gpu");
  }

  @Override
  public String version() {
    return "emulated";
  }

  @Override
  public EngineRunner open(int index) {
    if (index != 0) {
      throw new UnsupportedFeatureException("there is one emulated GPU, asked for number " + index);
    }
    return new EmulatedRunner(this);
  }

  @Override
  public Class<? extends PlanBuilder> planBuilder() {
    return EmulatedPlanBuilder.class;
  }
}
