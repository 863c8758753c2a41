import { writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector';

// Loaded into the process that is looked at (`node --import`): SIGUSR2 begins a CPU profile, the next one ends it and writes
// it to PROFILE_FILE. Start and warm-up stay out of it, which `--cpu-prof` would put in.

/** Between two looks at the stack, in microseconds. */
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
