//! What MXCuBE finds on a beamline: counters, scans, and the macros by their names.

mod support;

use brickwork_mxspecsim::Simulator;
use brickwork_spec_protocol::{Call, Data, Property, ScanVariable};
use support::{Client, beamline};

fn shown(client: &mut Client) -> String {
    client
        .events()
        .into_iter()
        .filter(|(name, _)| name == "output/tty")
        .filter_map(|(_, data)| data.to_text().ok())
        .collect()
}

fn texts(client: &mut Client, variable: ScanVariable) -> Vec<String> {
    let name = variable.property().to_string();
    client.events().into_iter().filter(|(own, _)| *own == name).filter_map(|(_, data)| data.to_text().ok()).collect()
}

fn number(simulator: &Simulator, variable: &str) -> f64 {
    simulator.variable(variable).and_then(|data| data.to_number().ok()).expect("it is a number")
}

#[test]
fn counting_begins_ends_and_leaves_its_counts() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let count = Property::Count;
    assert_eq!(client.follow(&count), Data::flag(false));
    assert_eq!(client.follow(&Property::Counter("mon".to_owned())), Data::number(0.0));
    client.set(&count, Data::number(2.0));
    client.until(&count, &Data::flag(true));
    client.until(&count, &Data::flag(false));
    let value = |client: &mut Client, name: &str| {
        client.get(&Property::Counter(name.to_owned())).data.to_number().expect("it is a number")
    };
    assert!((value(&mut client, "sec") - 2.0).abs() < 1e-9);
    assert!((value(&mut client, "mon") - 20_000.0).abs() < 1e-3);
    client.result("ct -5000");
    assert!((value(&mut client, "mon") - 5000.0).abs() < 1e-3, "counts of the monitor are counted");
}

#[test]
fn a_counter_of_the_beam_sees_the_shutter_and_the_attenuator() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let mut counted = |before: &str| {
        client.result(before);
        client.result("ct 1");
        client.result("S[i0]").to_number().expect("it is a number")
    };
    let (closed, open) = (counted("msclose"), counted("msopen"));
    let attenuated = counted("transmission 10");
    assert!((open - 180_000.0).abs() < 1.0 && closed < 100.0, "{closed} {open}");
    assert!((attenuated - 18_000.0).abs() < 1.0, "{attenuated}");
}

#[test]
fn a_count_is_stopped_by_writing_0() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.follow(&Property::Count);
    client.set(&Property::Count, Data::number(1e6));
    client.until(&Property::Count, &Data::flag(true));
    client.set(&Property::Count, Data::number(0.0));
    client.until(&Property::Count, &Data::flag(false));
}

#[test]
fn a_scan_is_published_point_by_point() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for variable in [ScanVariable::NewScan, ScanVariable::NewPlotData] {
        assert_eq!(client.follow(&variable.property()), Data::text("0"));
    }
    client.result("msopen");
    client.result("ascan phi 0 10 5 0.1");
    let points = {
        let events = client.events();
        let plots: Vec<_> = events.iter().filter(|(name, _)| name == "var/_SC_NEWPLOTDATA").cloned().collect();
        let scans: Vec<_> = events.into_iter().filter(|(name, _)| name == "var/_SC_NEWSCAN").collect();
        let begin = scans[0].1.to_text().expect("it is a text");
        for part in ["'title':'Scan 1'", "'motor':'phi'", "'counter':'i1'", "'range':[0,10,]", "'npoints':6"] {
            assert!(begin.contains(part), "{part} is in {begin}");
        }
        assert_eq!(scans.last().map(|(_, data)| data), Some(&Data::text("0")), "the end is told");
        plots
    };
    assert_eq!(points.len(), 6);
    let last = points[5].1.to_text().expect("it is a text");
    assert!(last.starts_with("{'i':5, 'x':10, 'i1':1"), "{last}");
    assert!(client.failure("ascan phiz 0 10 5 0.1").contains("high limit"));
    assert!(client.failure("ascan phi 0 10 0 0.1").contains("intervals"));
}

#[test]
fn an_energy_scan_shows_the_edge_and_gives_what_mxcube_reads() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.follow(&ScanVariable::NewPlotData.property());
    let result = client.result("eprodc_do_energy_scan Se K");
    let result = result.as_assoc().expect("it is an associative array");
    for key in
        ["transmissionFactor", "exposureTime", "startEnergy", "endEnergy", "beamSizeHorizontal", "beamSizeVertical"]
    {
        assert!(result.get(key).is_some(), "{key}");
    }
    assert_eq!(result.get("theoreticalEdge"), Some("12.658"));
    let points = texts(&mut client, ScanVariable::NewPlotData);
    assert_eq!(points.len(), 41);
    let counts = |text: &str| -> f64 {
        let (_, count) = text.trim_end_matches(", }").rsplit_once(':').expect("the count is last");
        count.parse().expect("it is a number")
    };
    assert!(counts(&points[40]) > 5.0 * counts(&points[0]), "beyond the edge there is fluorescence");
    assert_eq!(client.result("eprodc_do_energy_scan Xx K"), Data::text("-1"), "as the macro has it");
    let call = Call::new("eprodc_do_energy_scan").with_text("Fe K");
    assert_eq!(client.call(&call).data.as_assoc().and_then(|result| result.get("theoreticalEdge")), Some("7.112"));
}

#[test]
fn the_macros_of_a_beamline_say_what_they_simulate() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::screen());
    for name in [
        "prodc_quick_realign",
        "centrebeam",
        "beam_calibration",
        "anneal 3",
        "anneal(3)",
        "diagnostics",
        "calibrate_intensities",
        "prodc_prepare_beamline",
        "pilatus_prep",
        "eprodc_xfespectrum",
        "phi_init",
        "minikappa_home",
    ] {
        client.result(name);
        let said = shown(&mut client);
        assert!(said.contains("(simulated)"), "{name}: {said}");
    }
    assert!(client.failure("anneal 100").contains("between 0 and 60"));
    assert_eq!(client.get(&Property::variable("MS_STATE")).data, Data::text("closed"));
    let spectrum = client.get(&Property::variable("XFE_DATA")).data;
    assert!(spectrum.to_numbers().is_ok_and(|counts| counts.iter().any(|count| *count > 1000.0)));
}

#[test]
fn a_collection_follows_what_is_wanted_and_names_its_pictures() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for (key, value) in [("prefix", "lyso"), ("number_of_images", "2"), ("range", "0.5"), ("start", "10")] {
        client.set(&Property::element("MXCOLLECT_PARS", key), Data::text(value));
    }
    client.register(&Property::screen());
    assert_eq!(client.result("mxsim_collect"), Data::text("2"));
    let said = shown(&mut client);
    assert!(said.contains("picture 2 of 2: /tmp/mxspecsim/lyso_1_0002.sim"), "{said}");
    assert_eq!(simulator.position("phi"), Some(11.0));
    let sequence = client.get(&Property::variable("COLLECT_SEQ")).data;
    assert_eq!(sequence.as_assoc().and_then(|all| all.get_two("2", "start")), Some("10.5"));
    client.set(&Property::element("MXCOLLECT_PARS", "range"), Data::text("wide"));
    assert!(client.failure("mxsim_collect").contains("MXCOLLECT_PARS[\"range\"]"));
}

#[test]
fn the_steps_of_a_collection_can_be_called_one_by_one() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.result("setMxCollectPars(\"current_phi\", 12.5)");
    client.result("setMxCurrentFilename(\"/data/x_1_0001.img\")");
    assert_eq!(client.result("MXCOLLECT_PARS[\"filename\"]"), Data::text("/data/x_1_0001.img"));
    for step in ["build_collect_seq", "ccdfile(COLLECT_SEQ, 3)", "osc_prepare(5)", "ccdstart", "osc_scan(5, 6, 1, 1)"] {
        client.result(step);
    }
    for step in ["ccdread", "ccdsave", "ccdflush", "pilatus_postframe_actions", "pilatus_cleanup"] {
        client.result(step);
    }
    assert_eq!(client.result("MXCOLLECT_PARS[\"filename\"]"), Data::text("/tmp/mxspecsim/sim_1_0003.sim"));
    assert_eq!(simulator.position("phi"), Some(6.0));
    assert!(number(&simulator, "CURRENT_IMAGE_INTENSITY") > 0.0);
}

#[test]
fn the_sample_changer_and_the_minidiff_exclude_each_other() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let flags = Property::variable("SC_MD_FLAGS");
    assert_eq!(client.follow(&flags), Data::text("2"), "the minidiff may move");
    client.result("SCIsInUse 1");
    assert_eq!(client.result("SCIsInUse()"), Data::text("1"));
    client.result("SCIsInUse 0");
    client.result("SCMoveToLoadingPos");
    assert_eq!(number(&simulator, "SC_MD_FLAGS"), 5.0, "in use, and a sample may be loaded");
    assert!(client.failure("minidiff_prepare_centring").contains("SCMinidiffGetControl"));
    client.result("SCMinidiffGetControl");
    client.result("minidiff_prepare_centring");
    assert_eq!(number(&simulator, "SC_MD_FLAGS"), 2.0);
}

#[test]
fn energy_resolution_and_attenuators_follow_the_motors() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let mut get = |text: &str| client.result(text).to_number().expect("it is a number");
    get("energy 12.398");
    let close = get("getMxResolution");
    assert!(get("getMxResolutionAtCorner") < close, "the corner sees more");
    get("umv dtox 400");
    assert!(get("getMxResolution") > close, "from further away it sees less");
    assert!((get("setMxResolution 2") - 2.0).abs() < 1e-3);
    let percent = get("transmission 37");
    assert!((percent - 37.0).abs() < 2.0, "{percent}");
    assert_eq!(get("ATT_FACTOR"), percent);
    assert!(get("MATT_STATE") > 0.0);
    assert_eq!(get("attio 0"), 100.0);
    assert_eq!((get("getMxBeamSizeX"), get("getMxBeamSizeY")), (0.1, 0.08));
    assert!(client.failure("transmission 101").contains("between 0 and 100"));
}

#[test]
fn a_collection_that_is_aborted_closes_the_shutter() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let shutter = Property::variable("MS_STATE");
    client.follow(&shutter);
    let serial = client.next_serial();
    client.send(&brickwork_spec_protocol::Packet::command_with_return(serial, "osc_scan(0, 1, 1000)"));
    client.until(&shutter, &Data::text("open"));
    client.send(&brickwork_spec_protocol::Packet::abort());
    client.until(&shutter, &Data::text("closed"));
    assert!(client.reply(serial).failure().is_some());
}
