import { configurableModule } from '../config/index.js';
import type { Settings } from '../settings.js';

export interface DoctorOptions {
  /** All settings: the doctor checks those of every room. */
  readonly settings: Settings;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: DOCTOR_OPTIONS } =
  configurableModule<DoctorOptions>('Doctor');
