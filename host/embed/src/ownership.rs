//! The owner of a file, and other users' rights to it. Another user who owns a file, or can write to it, chooses its bytes.

use std::fs::Metadata;

/// Whether only this user chooses the bytes of a file in `directory`. A file that others can write to counts as this user's in a
/// directory that they cannot write to, because only this user could have put it there. Write permission of the process's own group
/// does not count: under umask 002 each user has a group for itself.
#[cfg(unix)]
pub fn is_own(file: &Metadata, directory: &Metadata) -> bool {
    is_of_this_user(file) && !(others_can_write(file) && others_can_write(directory))
}

/// Whether only this user may read a file.
#[cfg(unix)]
pub fn is_secret(file: &Metadata) -> bool {
    is_of_this_user(file) && std::os::unix::fs::MetadataExt::mode(file) & 0o077 == 0
}

#[cfg(unix)]
fn is_of_this_user(file: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(file) == rustix::process::geteuid().as_raw()
}

#[cfg(unix)]
fn others_can_write(file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let by_group = file.mode() & 0o020 != 0 && file.gid() != rustix::process::getegid().as_raw();
    by_group || file.mode() & 0o002 != 0
}

/// The standard library does not tell owners here, and directories of users are private by default.
#[cfg(not(unix))]
pub fn is_own(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(not(unix))]
pub fn is_secret(_: &Metadata) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_that_others_can_write_to_is_own_in_a_directory_of_ones_own_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let mut own = Vec::new();
        for (file_mode, directory_mode) in
            [(0o644, 0o755), (0o666, 0o755), (0o644, 0o1777), (0o666, 0o1777), (0o664, 0o775)]
        {
            fs::set_permissions(&file, Permissions::from_mode(file_mode)).expect("leave to change it");
            fs::set_permissions(folder.path(), Permissions::from_mode(directory_mode)).expect("leave to change it");
            let found = |path| fs::metadata(path).expect("it is there");
            own.push(is_own(&found(file.as_path()), &found(folder.path())));
        }
        assert_eq!(own, [true, true, true, false, true]);
    }
}
