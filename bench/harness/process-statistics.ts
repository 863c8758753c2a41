import { readFileSync } from 'node:fs';

/** `USER_HZ`, the unit of process times on Linux; 100 on every architecture that Node runs on (proc(5)). */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds that all threads of a process have used, in user and kernel mode: `utime` and `stime` of /proc/PID/stat
 * (proc_pid_stat(5)), in steps of 10 ms. Linux only.
 */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name is in parentheses and may contain spaces; `state`, the third field, follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in bytes: `VmRSS` of /proc/PID/status (proc_pid_status(5)). Linux only. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no resident memory`);
  return Number(kilobytes) * 1024;
}
