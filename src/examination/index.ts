export { ExaminationModule } from './examination.module.js';
