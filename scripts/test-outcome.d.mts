export interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    startTime: number;
    endTime: number;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

export interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
  flaky: string[];
}

export function failures(report: Report, root: string): string[];
export function outcome(first: Report, again: Report | undefined, root: string): Outcome;
export function slowest(report: Report, root: string, count: number): string[];
