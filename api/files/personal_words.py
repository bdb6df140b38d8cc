"""Words about somebody's health that have no other everyday meaning, and the languages that follow a title as well."""
from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ONESELF = _words("""
adhd adhd'er add'er autisme autist autistisch autistische autismespectrumstoornis asperger pddnos pdd dcd ptss ptsd
hiv dyslexie dyslectisch dyslectische dyscalculie dyspraxie epilepsie epileptisch depressie depressies depressief
depressieve borderline schizofreen schizofrenie psychose psychoses psychotisch bipolair angststoornis paniekaanval
paniekaanvallen paniekstoornis dwangstoornis eetstoornis gedragsstoornis gedragsstoornissen hechtingsstoornis
persoonlijkheidsstoornis taalontwikkelingsstoornis ontwikkelingsstoornis stoornis stoornissen syndroom anorexia
boulimia diabetes suikerziekte astma reuma migraine kanker leukemie tumor hernia hepatitis tourette hersenletsel
hersenschudding slechthorend slechthorende slechtziend slechtziende getraumatiseerd verslaafd verslaving zwanger
burnout burn-out suïcidaal suicidaal zelfmoord zelfbeschadiging automutilatie geopereerd gediagnosticeerd hoogbegaafd
zwakbegaafd moeilijklerend iq tiq ritalin concerta medikinet equasym methylfenidaat strattera atomoxetine
dexamfetamine risperdal risperidon abilify aripiprazol quetiapine antidepressiva antidepressivum antipsychotica
sertraline fluoxetine citalopram oxazepam diazepam melatonine insuline prednison epipen tramadol autism autistic
dyslexia dyslexic epilepsy epileptic bipolar schizophrenia schizophrenic psychosis psychotic asthma diabetic cancer
leukaemia addicted addiction pregnant suicidal self-harm hospitalised hospitalized diagnosed depression depressed
antidepressant antidepressants insulin
""")
"""Diagnoses, conditions and medicines: wherever they stand."""

CARE = _words("""
diagnose diagnoses diagnosis medicatie medicijn medicijnen therapie therapieën therapeut psychotherapie
psychotherapeut emdr speltherapie gedragstherapie psycholoog psychiater psychiatrie psychiatrisch psychiatrische
jeugdpsychiatrie kinderpsychiater orthopedagoog ggz kliniek revalidatie revalideren logopedie ergotherapie
fysiotherapie dementie trauma medication medicine medicines therapy therapist psychologist psychiatrist psychiatric
rehab
""")
"""Care, which is also work that people do: only where somebody speaks of himself."""

CAPITALS = _words("""
ASS ADD ODD OCD LVB TOS NAH DSM
""")
"""Short names of diagnoses that are other words, or none, in small letters."""

NO_NAMES = _words("""
Nederlands Nederlandse Engels Duits Frans Turks Turkse Marokkaans Marokkaanse Arabisch Pools Poolse Spaans Syrisch
Oekraïens Fries Dutch English German French Turkish Arabic Polish Nederland Holland Duitsland Turkije Marokko Polen Ik
Hij Zij Ze En Maar Wij We Dat Die Is Was Heeft Had Werkt
""")
"""What is written with a capital after “my mother” and is no name."""
