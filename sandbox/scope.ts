import type { App, Membership } from './world.types.js';

/** Every department is below the organization itself, which is 1. */
export const isDepartmentInScope = ({ scope }: App, department: number): boolean =>
  scope.departments.includes(1) || scope.departments.includes(department);

/** Whether an application may see a person; 50002 if not. */
export const isInScope = (app: App, { visible, deptIds, userId }: Membership): boolean =>
  visible && (deptIds.some((department) => isDepartmentInScope(app, department)) || app.scope.userIds.includes(userId));
