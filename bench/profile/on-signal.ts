import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';

// Preloaded into the profiled process (`node --import`): SIGUSR2 starts a CPU profile, the next one ends it and writes it to
// PROFILE_FILE. Unlike with `--cpu-prof`, start and warm-up are left out.

/** Sampling interval in microseconds. */
const INTERVAL_US = 200;

const session = new Session();
session.connect();
let running = false;

process.on('SIGUSR2', () => {
  running = !running;
  if (running) {
    session.post('Profiler.enable');
    session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
    session.post('Profiler.start');
  } else {
    session.post('Profiler.stop', (error: Error | null, result?: Profiler.StopReturnType) => {
      if (error !== null || result === undefined) throw error ?? new Error('no profile');
      writeFileSync(process.env['PROFILE_FILE'] ?? 'gateway.cpuprofile', JSON.stringify(result.profile));
    });
  }
});
