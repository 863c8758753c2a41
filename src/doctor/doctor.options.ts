import { configurableModule } from '../config/index.js';
import type { Settings } from '../settings.js';

export interface DoctorOptions {
  /** All of them: the doctor looks at what each room was told. */
  readonly settings: Settings;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DOCTOR_OPTIONS } =
  configurableModule<DoctorOptions>('Doctor');
